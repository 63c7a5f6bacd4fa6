"""What the bot keeps in the catalogue: conversations, votes, follows, settings of servers, usage, posts.

Plain functions of a database: no Discord in here. All of them block and are called through `Blocking`.
"""
