"""The interactive conversation: a prompt at a terminal, or questions read from a pipe."""
