"""Session packs at the centre: their keys, and what they have delivered (docs/door.md)."""
