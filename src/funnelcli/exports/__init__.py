"""The exports of one folder, read and checked: what everything after this works on."""
