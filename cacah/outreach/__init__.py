"""How people are reached: teams, plans, visits, guided sessions, souvenirs, invitations."""
