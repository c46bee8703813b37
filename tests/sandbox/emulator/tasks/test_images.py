"""The table of images is read whole or refused; an image is known by the last element of its repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.emulator.tasks.images import TABLE, TableError, in_registry, module_of, repository, table

if TYPE_CHECKING:
    from pathlib import Path

ROWS = {"video": "services.video"}
REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


def test_the_table_of_the_project_is_read() -> None:
    assert all(module.split(".")[0] == "services" for module in table(TABLE).values())


@pytest.mark.parametrize(
    "image",
    [
        "shop/prod/video",
        "shop/prod/video:1.2",
        f"{REGISTRY}/shop/prod/video:1.2",
        f"{REGISTRY}/shop/prod/video@sha256:{'0' * 64}",
        f"localhost:5000/video:1@sha256:{'0' * 64}",
        "video",
    ],
)
def test_an_image_is_known_by_the_last_element(image: str) -> None:
    assert module_of(image, ROWS) == "services.video"


@pytest.mark.parametrize("image", ["shop/video/api", "shop/prod/video-2:1", "videos", "video/other"])
def test_other_images_are_not(image: str) -> None:
    assert module_of(image, ROWS) is None


@pytest.mark.parametrize(
    ("image", "wanted"),
    [("a/b:1", "1"), ("a/b", "latest"), ("a/b@sha256:00", "sha256:00"), ("a/b:1@sha256:00", "sha256:00")],
)
def test_a_registry_is_told_apart(image: str, wanted: str) -> None:
    assert in_registry(f"{REGISTRY}/{image}") == ("123456789012", "eu-west-1", "a/b", wanted)
    assert in_registry(image) is None
    assert repository(f"{REGISTRY}/{image}") == f"{REGISTRY}/a/b"


@pytest.mark.parametrize("text", ["[video]", "video: [a]", "Video: a.b", "video: a b", "video: ../x", "a/b: c", "{"])
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "images.yaml"
    path.write_text(text)
    with pytest.raises(TableError, match=r"images\.yaml"):
        table(path)


def test_a_table_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert table(tmp_path / "none.yaml") == {}
