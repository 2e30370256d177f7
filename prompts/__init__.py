"""Prompt templates, voices and the words of the template writer: versioned data with a thin door."""

from prompts.catalog import FieldSpec, Template, UnknownTemplateError, load, templates
from prompts.voices import UnknownVoiceError, Voice, all_voices, load_voice

__all__ = [
    "FieldSpec",
    "Template",
    "UnknownTemplateError",
    "UnknownVoiceError",
    "Voice",
    "all_voices",
    "load",
    "load_voice",
    "templates",
]
