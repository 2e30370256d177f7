"""The life of copy: states, versions, what stands on the shelf and when, and what takes it off."""
