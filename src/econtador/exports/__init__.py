"""What the office has and what the integration says of it, as files for people and for programs."""
