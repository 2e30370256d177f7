"""What can be asked for: templates with their versions."""

from fastapi import APIRouter

import prompts
from app.api.deps import may
from app.api.models.system import (
    PromptField,
    PromptList,
    PromptOut,
    PromptVersion,
)
from app.api.problems import problems

router = APIRouter(
    prefix="/v1", tags=["prompts"], dependencies=[may("copy:read")], responses=problems(401, 403, 503)
)


@router.get("/prompts", summary="Templates, versions, hashes, labels")
async def list_prompts() -> PromptList:
    """A bare template name means its version with the label `production`."""
    by_name: dict[str, list[prompts.Template]] = {}
    for template in prompts.templates():
        by_name.setdefault(template.name, []).append(template)
    return PromptList(
        items=[
            PromptOut(
                name=name,
                description=versions[-1].description,
                per_angle=versions[-1].per_angle,
                versions=[
                    PromptVersion(
                        version=t.version,
                        hash=t.hash,
                        labels=list(t.labels),
                        fields=[PromptField.model_validate(field) for field in t.fields],
                    )
                    for t in versions
                ],
            )
            for name, versions in by_name.items()
        ]
    )
