"""The daily summary: gists, themes, overview, trends, and the faces that show them."""
