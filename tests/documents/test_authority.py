import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from cryptography import x509

from documents import authority
from tests.documents.seals import NOW


@pytest.fixture
def made(tmp_path):
    return authority.demonstration(tmp_path / "seal", "L’organisateur du label", NOW)


def load(path):
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_root_issued_the_seal(made):
    load(made.certificate).verify_directly_issued_by(load(made.root))


def test_certificate_says_that_it_is_worth_nothing(made):
    assert "sans valeur" in load(made.certificate).subject.rfc4514_string()


def test_key_is_readable_by_its_owner_alone(made):
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700


def test_root_key_is_not_kept(made):
    assert sorted(file.name for file in made.folder.iterdir()) == ["root.crl", "root.pem", "seal.key", "seal.pem"]


def test_second_run_keeps_the_authority(made):
    before = made.certificate.read_bytes()
    again = authority.demonstration(made.folder, "Un autre nom", NOW + timedelta(days=1))
    assert again.certificate.read_bytes() == before


def test_runs_at_once_end_with_one_authority(tmp_path):
    def make(_):
        return authority.demonstration(tmp_path / "seal", "L’organisateur du label", NOW).certificate.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["seal"]
