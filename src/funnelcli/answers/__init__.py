"""One file a question: what is asked goes in, the answer comes out."""
