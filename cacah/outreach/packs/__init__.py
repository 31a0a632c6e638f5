"""Session packs: prepared at the centre, served on a laptop without a signal, and delivered."""
