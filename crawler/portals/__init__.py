"""Portals as data: profiles, and how a new one is proposed."""
