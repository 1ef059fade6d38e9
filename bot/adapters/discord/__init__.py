"""Discord: questions in answers for one's eyes only and in modals, invitations in channels."""
