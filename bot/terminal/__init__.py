"""What people see at a terminal: the one door for text, progress bars, and how an answer is shown."""
