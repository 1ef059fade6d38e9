"""Slack: questions in direct messages and modals, invitations in channels."""
