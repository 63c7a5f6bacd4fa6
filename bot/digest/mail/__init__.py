"""The daily summary by mail: one message for each address, once for each day of papers."""

from bot.digest.mail.delivery import Delivery, mail_digest, server_and_sender

__all__ = ["Delivery", "mail_digest", "server_and_sender"]
