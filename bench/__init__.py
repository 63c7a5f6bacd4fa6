"""What the project claims of itself, as commands; see bench/README.md."""
