"""The only writer of teams, visits, sessions, souvenirs and invitations."""
