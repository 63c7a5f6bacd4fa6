"""What a paper is, and the sources that papers come from."""
