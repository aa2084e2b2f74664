"""Photos are shown small and upright; customers never get what the camera wrote into them."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.api.house import House, application, problem
from tests.documents.test_videos_are_given_bare import SECRETS as POSITION
from tests.documents.test_videos_are_given_bare import video

_ORIENTATION, _MAKE, _GPS, _OWNER = 0x0112, 0x010F, 0x8825, 0xA430
SECRETS = (b"SecretMaker", b"Chen Yu", b"GPS", b"Exif", b"secret comment", b"xmpmeta")


def photo(width: int = 1600, height: int = 1200, *, orientation: int = 6) -> bytes:
    """A photo whose left edge is red, with all that a telephone writes into it."""
    image = Image.new("RGB", (width, height), "white")
    image.paste((200, 0, 0), (0, 0, width // 4, height))
    exif = Image.Exif()
    exif[_ORIENTATION], exif[_MAKE] = orientation, "SecretMaker"
    exif.get_ifd(_GPS).update({1: "N", 2: (30.0, 15.0, 1.0), 3: "E", 4: (120.0, 9.0, 1.0)})
    exif.get_ifd(0x8769)[_OWNER] = "Chen Yu"
    made = io.BytesIO()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
    image.save(made, "JPEG", quality=60, exif=exif, comment=b"secret comment", xmp=xmp)
    return made.getvalue()


def opened(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/webp"
    image = Image.open(io.BytesIO(answer.content))
    assert not image.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
    assert not [secret for secret in SECRETS if secret in answer.content]
    return image


async def stored(house: House, name: str, content: bytes) -> str:
    answer = await house.upload("lin", name, content)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["attachment_id"])


async def test_a_photo_is_shown_small_and_the_right_way_up(house: House) -> None:
    one = await stored(house, "blade.jpg", photo())
    answer = await house.get("lin", f"/attachments/{one}/small")
    small = opened(answer)
    assert small.size == (240, 320)  # turned: the camera was held upright
    top, bottom = (small.convert("RGB").getpixel((120, y)) for y in (20, 300))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[1] < 60, bottom[1] > 200) == (True, True)
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_it_is_made_once_and_the_original_stays_as_it_was(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    content = photo()
    one = await stored(house, "blade.jpg", content)
    first = (await house.get("lin", f"/attachments/{one}/small")).content
    monkeypatch.setattr("store.pictures._made", None)  # would fail if it were made again
    assert (await house.get("zhou", f"/attachments/{one}/small")).content == first
    assert (await house.get("lin", f"/attachments/{one}")).content == content


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "I;16"), ("GIF", "P"), ("WEBP", "RGB"), ("PNG", "1")]
)
async def test_every_kind_of_picture_can_be_shown(house: House, kind: str, mode: str) -> None:
    made = io.BytesIO()
    Image.new(mode, (500, 300)).save(made, kind)
    one = await stored(house, f"a.{kind.lower()}", made.getvalue())
    assert opened(await house.get("lin", f"/attachments/{one}/small")).size == (320, 192)


async def test_a_picture_smaller_than_small_is_not_blown_up(house: House) -> None:
    one = await stored(house, "a.jpg", photo(40, 30, orientation=1))
    assert opened(await house.get("lin", f"/attachments/{one}/small")).size == (40, 30)


async def test_what_is_no_picture_has_none(house: House) -> None:
    one = await stored(house, "a.pdf", b"%PDF-1.7\n" + b"x" * 100)
    problem(await house.get("lin", f"/attachments/{one}/small"), 404)
    problem(await house.get("lin", "/attachments/F-00000000000000/small"), 404)


async def test_a_picture_is_shown_though_the_disk_takes_none(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    one = await stored(house, "blade.jpg", photo())

    async def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(house.parts.files), "write_derived", full)
    assert opened(await house.get("lin", f"/attachments/{one}/small")).size == (240, 320)


async def test_a_picture_cut_in_half_is_refused(house: House) -> None:
    content = photo()
    assert "cut off" in problem(await house.upload("lin", "a.jpg", content[: len(content) // 2]), 415)["detail"]


async def test_customers_see_their_pictures_without_what_the_camera_wrote(house: House) -> None:
    sent, added = await stored(house, "blade.jpg", photo()), await stored(house, "note.jpg", photo(800, 600))
    case = await house.post("lin", "/cases", application(attachments=[sent]))
    await house.post("lin", f"/cases/{case.json()['case_id']}/signals/add_information", {"attachments": [added]})
    page = case.json()["tracking_url"].removeprefix("http://house.test")
    shown = await house.client.get(page)
    assert f'src="{page}/pictures/{sent}/small"' in shown.text
    assert added not in shown.text
    assert opened(await house.client.get(f"{page}/pictures/{sent}/small")).size == (240, 320)
    assert opened(await house.client.get(f"{page}/pictures/{sent}")).size == (1200, 1600)
    assert (await house.client.get(f"{page}/pictures/{added}")).status_code == 404
    other = (await house.post("lin", "/cases", application())).json()["tracking_url"].removeprefix("http://house.test")
    assert (await house.client.get(f"{other}/pictures/{sent}")).status_code == 404
    assert (await house.client.get(f"/api/v1/attachments/{sent}")).status_code == 401


async def test_customers_see_their_videos_without_position(house: House) -> None:
    sent, added = await stored(house, "noise.mp4", video()), await stored(house, "other.mp4", video(each=3))
    case = await house.post("lin", "/cases", application(attachments=[sent]))
    page = case.json()["tracking_url"].removeprefix("http://house.test")
    assert f'href="{page}/videos/{sent}"' in (await house.client.get(page)).text
    shown = await house.client.get(f"{page}/videos/{sent}")
    assert shown.status_code == 200
    assert len(shown.content) == len(video())
    assert [secret for secret in POSITION if secret in shown.content] == []
    assert (await house.client.get(f"{page}/videos/{added}")).status_code == 404
    assert (await house.client.get(f"{page}/pictures/{sent}")).status_code == 404
