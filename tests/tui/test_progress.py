"""Which lessons are done is remembered from one start to the next."""

import json
import os
from pathlib import Path

import pytest

from tui.lessons.progress import Progress


def told() -> list[str]:
    return []


def test_what_is_done_is_remembered_and_forgotten_one_by_one_or_all(tmp_path: Path) -> None:
    path, sentences = tmp_path / "new" / "folder" / "lessons.json", told()
    progress = Progress(sentences.append, path)
    for name in ("data", "cost", "best"):
        progress.add(name)
    progress.reset("best")
    assert Progress(sentences.append, path).done == progress.done == {"data", "cost"}
    progress.reset()
    assert Progress(sentences.append, path).done == frozenset()
    assert sentences == []
    assert os.listdir(path.parent) == ["lessons.json"]


def test_two_programs_at_once_lose_nothing(tmp_path: Path) -> None:
    one, other = (Progress(told().append, tmp_path / "lessons.json") for _ in range(2))
    one.add("data")
    other.add("cost")
    one.add("best")
    assert Progress(told().append, tmp_path / "lessons.json").done == {"data", "cost", "best"}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"version": 2, "done": []}', b'{"version": 1, "done": [1]}', b"\xff\xfe", b"[" * 100_000],
)
def test_a_damaged_file_is_set_aside_whole_and_the_next_one_too(tmp_path: Path, content: bytes) -> None:
    path, sentences = tmp_path / "lessons.json", told()
    for aside in ("lessons.damaged.json", "lessons.damaged-2.json"):
        path.write_bytes(content)
        progress = Progress(sentences.append, path)
        assert progress.done == frozenset()
        assert (tmp_path / aside).read_bytes() == content
        assert aside in sentences[-1]
        progress.add("data")
        assert json.loads(path.read_text())["done"] == ["data"]
    assert len(sentences) == 2


def test_where_nothing_can_be_written_one_sentence_says_so_and_the_lessons_count_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sentences = told()
    progress = Progress(sentences.append, tmp_path / "file" / "lessons.json")
    progress.add("data")
    progress.add("cost")
    assert progress.done == {"data", "cost"}
    assert len(sentences) == 1
    assert sentences[0].endswith("Not a directory; the lessons work without it")


def test_a_disk_that_is_full_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sentences = tmp_path / "lessons.json", told()
    Progress(sentences.append, path).add("data")
    progress = Progress(sentences.append, path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    progress.add("cost")
    assert progress.done == {"data", "cost"}
    assert "No space left on device" in sentences[0]
    assert os.listdir(tmp_path) == ["lessons.json"]
    assert Progress(sentences.append, path).done == {"data"}
