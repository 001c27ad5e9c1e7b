"""What a message to people is made of: its headers, its body as HTML that mail programs show, and as text."""
