"""Real senders: Debian's Prometheus and Alertmanager, and PagerDuty's own Python client."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pagerduty import EventsApiV2Client

from tests.support.instance import COMPANY, Instance, Sink, alert_of, sink

PD_KEY = "fedcba9876543210fedcba9876543210"
AM_KEY = "0123456789abcdef0123456789abcdef"
WAIT_S = 60.0
TEMPLATES = "prometheus/alertmanager/default.tmpl"


@pytest.fixture
def holdfast(tmp_path: Path) -> Iterator[tuple[Instance, Sink]]:
    """A running Holdfast with a small company, and the phone of everybody in it."""
    with sink() as taker, Instance(tmp_path / "data") as running:
        running.apply(COMPANY.format(sink=taker.url))
        yield running, taker


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.ledger("S1-20")
def test_a_real_prometheus_rule_pages_ana_and_its_end_resolves_the_alert(
    holdfast: tuple[Instance, Sink],
    tmp_path: Path,
    prometheus_path: str,
    alertmanager_path: str,
) -> None:
    running, taker = holdfast
    with (
        alertmanager(alertmanager_path, tmp_path, running.url) as alert_port,
        target() as (exporter, state),
        prometheus(prometheus_path, tmp_path, alert_port, exporter),
    ):
        state["up"] = 0
        page = taker.wait_for(1, WAIT_S)[0]
        assert alert_of(page)["title"] == "The widget is down"
        state["up"] = 1
        wait_for_status(running, "resolved")


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.ledger("S1-89")
def test_the_official_pagerduty_client_triggers_acknowledges_and_resolves_over_tls(
    holdfast: tuple[Instance, Sink], tmp_path: Path
) -> None:
    running, taker = holdfast
    with tls_in_front(running, tmp_path) as (url, trust):
        client = EventsApiV2Client(PD_KEY, base_url=url, verify=trust)
        now = datetime.datetime.now(datetime.UTC).isoformat()
        key = client.trigger("DISK at 99%", "prod-db-1", severity="critical", dedup_key="srv01/x")
        assert key == "srv01/x"
        assert alert_of(taker.wait_for(1)[0])["dedup_key"] == "srv01/x"
        client.acknowledge("srv01/x")
        wait_for_status(running, "acknowledged")
        client.resolve("srv01/x")
        wait_for_status(running, "resolved")
        assert now


def wait_for_status(running: Instance, status: str) -> None:
    end = time.monotonic() + WAIT_S
    with running.client() as api:
        while time.monotonic() < end:
            found = [alert["status"] for alert in api.get("/alerts").json()["items"]]
            if found and set(found) == {status}:
                return
            time.sleep(0.2)
    raise AssertionError(f"the alerts are {found}, not {status}")


@contextlib.contextmanager
def alertmanager(program: str, folder: Path, url: str) -> Iterator[int]:
    port = free_port()
    config = folder / "alertmanager.yml"
    config.write_text(
        f"""
route: {{receiver: holdfast, group_wait: 1s, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: holdfast
    webhook_configs: [{{url: "{url}/in/{AM_KEY}", send_resolved: true}}]
"""
    )
    command = [program, f"--config.file={config}", f"--storage.path={folder / 'am'}",
               f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="]  # fmt: skip
    with running_program([*with_its_templates(program), *command], port):
        yield port


def with_its_templates(program: str) -> list[str]:
    """Debian's Alertmanager reads /usr/share, where an unpacked one put nothing: it gets a view of
    the file system of its own, in which its files are there."""
    if (Path("/usr/share") / TEMPLATES).exists():
        return []
    share = Path(program).parents[1] / "share"
    assert (share / TEMPLATES).exists(), "the package was unpacked without its templates"
    namespace = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    return [*namespace, "sh", "-c", f'mount --bind "{share}" /usr/share && exec "$@"', "sh"]


@contextlib.contextmanager
def prometheus(program: str, folder: Path, alert_port: int, exporter: int) -> Iterator[None]:
    port = free_port()
    (folder / "rules.yml").write_text(
        """
groups:
  - name: widgets
    rules:
      - alert: WidgetDown
        expr: widget_up == 0
        labels: {severity: critical}
        annotations: {summary: The widget is down}
"""
    )
    config = folder / "prometheus.yml"
    config.write_text(
        f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{folder / "rules.yml"}]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["127.0.0.1:{alert_port}"]}}]}}]}}
scrape_configs: [{{job_name: widgets, static_configs: [{{targets: ["127.0.0.1:{exporter}"]}}]}}]
"""
    )
    command = [program, f"--config.file={config}", f"--storage.tsdb.path={folder / 'tsdb'}",
               f"--web.listen-address=127.0.0.1:{port}",
               "--rules.alert.resend-delay=2s"]  # fmt: skip
    with running_program(command, port):
        yield


@contextlib.contextmanager
def running_program(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def target() -> Iterator[tuple[int, dict[str, int]]]:
    """Something to scrape: one metric that the test changes."""
    state = {"up": 1}

    class Exporter(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"widget_up {state['up']}\n".encode()
            self.send_response(200)
            self.send_header("content-type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Exporter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield int(server.server_address[1]), state
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def tls_in_front(running: Instance, folder: Path) -> Iterator[tuple[str, ssl.SSLContext]]:
    """A TLS terminator as operators put one in front; the client accepts https only."""
    certificate, key = certificate_for_localhost(folder)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    upstream = int(running.url.rsplit(":", 1)[1])
    listener = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()

    def accept() -> None:
        while not stopping.is_set():
            with contextlib.suppress(OSError):
                plain, _ = listener.accept()
                threading.Thread(target=splice, args=(serving, plain, upstream)).start()

    threading.Thread(target=accept, daemon=True).start()
    trust = ssl.create_default_context(cafile=str(certificate))
    try:
        yield f"https://localhost:{listener.getsockname()[1]}", trust
    finally:
        stopping.set()
        listener.close()


def splice(serving: ssl.SSLContext, plain: socket.socket, upstream: int) -> None:
    with (
        contextlib.suppress(OSError),
        serving.wrap_socket(plain, server_side=True) as outer,
        socket.create_connection(("127.0.0.1", upstream)) as inner,
    ):
        back = threading.Thread(target=pump, args=(inner, outer), daemon=True)
        back.start()
        pump(outer, inner)
        back.join(5)


def pump(source: socket.socket, drain: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            drain.sendall(data)
        drain.shutdown(socket.SHUT_WR)


def certificate_for_localhost(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    alternatives = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    places = folder / "tls.pem", folder / "tls.key"
    places[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    places[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return places


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int) -> None:
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens on {port}")
