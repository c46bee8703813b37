"""A Terraform AWS provider is found where Terraform's users keep theirs, and the newest one counts."""

from pathlib import Path

import pytest

from standins.paths import PROVIDER_VARIABLE, machine
from standins.toolchain import terraform


def provider(mirror: Path, version: str, name: str = "terraform-provider-aws", mode: int = 0o755) -> Path:
    folder = mirror / terraform.LAYOUT / version / machine()
    folder.mkdir(parents=True)
    binary = folder / f"{name}_v{version}_x5"
    binary.touch()
    binary.chmod(mode)
    return binary


def test_the_newest_version_counts_by_number_not_by_letter(tmp_path: Path) -> None:
    provider(tmp_path, "5.99.1")
    newest = provider(tmp_path, "5.100.0")
    assert terraform.find({}, [tmp_path]) == newest, "5.100 is newer than 5.99"


@pytest.mark.parametrize(
    ("version", "mode"),
    [("4.67.0", 0o755), ("6.20.0", 0o755), ("5.100.0", 0o644)],
    ids=["too old", "too new", "not executable"],
)
def test_what_cannot_be_used_is_no_provider(tmp_path: Path, version: str, mode: int) -> None:
    provider(tmp_path, version, mode=mode)
    assert terraform.find({}, [tmp_path]) is None, "better none than one that fails later"


def test_a_provider_of_another_major_version_is_passed_over_by_name(tmp_path: Path) -> None:
    fitting, newer = provider(tmp_path, "5.100.0"), provider(tmp_path, "6.20.0")
    assert terraform.find({}, [tmp_path]) == fitting, "though it is not the newest"
    assert terraform.passed_over({}, [tmp_path]) == [
        f"{newer} is version 6.20.0, and the bridge's tables are for version 5"
    ]


@pytest.mark.parametrize("version", ["6.0.0", "6.20.0", "4.67.0"])
@pytest.mark.parametrize("name", ["terraform-provider-aws", "aws"])
def test_a_provider_named_outright_has_to_fit_too(tmp_path: Path, version: str, name: str) -> None:
    named = provider(tmp_path, version, name)
    with pytest.raises(ValueError, match=rf"STANDINS_TF_PROVIDER: {named} is version {version}.*name one of version 5"):
        terraform.find({PROVIDER_VARIABLE: str(named)}, [])


def test_a_provider_that_says_no_version_is_not_taken(tmp_path: Path) -> None:
    named = tmp_path / "terraform-provider-aws"
    named.touch(0o755)
    with pytest.raises(
        ValueError, match=r"STANDINS_TF_PROVIDER: .* says its version; call it terraform-provider-aws_v5"
    ):
        terraform.find({PROVIDER_VARIABLE: str(named)}, [])


def test_a_provider_for_another_machine_is_no_provider(tmp_path: Path) -> None:
    folder = tmp_path / terraform.LAYOUT / "5.100.0" / "plan9_mips"
    folder.mkdir(parents=True)
    (folder / "terraform-provider-aws_v5.100.0_x5").touch(0o755)
    assert terraform.find({}, [tmp_path]) is None, "operating system and architecture must fit"


@pytest.mark.parametrize(
    "config",
    [
        'plugin_cache_dir = "{place}"',
        'provider_installation {{\n  filesystem_mirror {{\n    path = "{place}"\n  }}\n}}',
    ],
    ids=["plugin cache", "filesystem mirror"],
)
def test_the_places_of_terraform_s_own_configuration_are_searched(tmp_path: Path, config: str) -> None:
    file = tmp_path / "terraformrc"
    file.write_text(config.format(place=tmp_path / "mirror"))
    places = list(terraform.places({"HOME": str(tmp_path / "home"), "TF_CLI_CONFIG_FILE": str(file)}))
    assert tmp_path / "mirror" in places, "Terraform would look there"
    assert tmp_path / "home/.terraform.d/plugins" in places, "and there without being told"


def test_the_plugin_cache_of_the_environment_is_searched(tmp_path: Path) -> None:
    assert tmp_path in terraform.places({"HOME": "/nowhere", "TF_PLUGIN_CACHE_DIR": str(tmp_path)}), "as Terraform does"


def test_a_provider_named_outright_wins(tmp_path: Path) -> None:
    named = provider(tmp_path / "own", "5.1.0")
    provider(tmp_path / "mirror", "5.100.0")
    assert terraform.find({PROVIDER_VARIABLE: str(named)}, [tmp_path / "mirror"]) == named, "the user knows best"


def test_a_name_that_leads_nowhere_is_an_error_not_a_search(tmp_path: Path) -> None:
    provider(tmp_path, "5.100.0")
    with pytest.raises(ValueError, match=r"STANDINS_TF_PROVIDER: no executable file at /nowhere; unset it or name"):
        terraform.find({PROVIDER_VARIABLE: "/nowhere"}, [tmp_path])
