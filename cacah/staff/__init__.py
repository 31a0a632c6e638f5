"""Officers, their roles and where each holds, sign-in with a second factor, the audit trail."""
