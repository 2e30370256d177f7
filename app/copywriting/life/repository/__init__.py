"""The SQL of the life of copy: versions, publications, what facts touch, the calendar."""

from app.copywriting.life.repository.calendar import CalendarRepository
from app.copywriting.life.repository.shelf import LifeRepository, Shelved
from app.copywriting.life.repository.touched import CitedFacts, RawCopy, TouchedRepository

__all__ = ["CalendarRepository", "CitedFacts", "LifeRepository", "RawCopy", "Shelved", "TouchedRepository"]
