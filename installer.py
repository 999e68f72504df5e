#!/usr/bin/env python3
"""Prepare a fresh machine and run the program from its sources, with nothing but Python ≥ 3.11 and the network.

`demo` opens the demonstration shop, `test` runs the test suite, `install` only installs, `package` builds the program to
hand out. Only the standard library is used, and nothing here may break the reading of this file by Python 3.6: an old
Python must reach the sentence that asks for a newer one.
"""
# ruff: noqa: S603

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ENVIRONMENT = 3


def say(text: str, error: bool = False) -> None:
    """Print a French sentence with its no-break spaces, on the standard output or the standard error."""
    for mark in (" :", " ;", " ?", " !", " »"):
        text = text.replace(mark, "\u00a0" + mark[1:])
    print(text.replace("« ", "«\u00a0"), file=sys.stderr if error else sys.stdout, flush=True)


def look_for_a_newer_python() -> None:
    """Start again under a newer Python of this machine where there is one; otherwise say what is needed and stop."""
    for minor in range(14, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606
    say(
        f"Il faut Python {OLDEST[0]}.{OLDEST[1]} ou plus récent ; celui-ci est Python {sys.version_info[0]}."
        f"{sys.version_info[1]} ({sys.executable}). Installez un Python plus récent, puis relancez la même commande "
        "avec lui, par exemple : python3.11 installer.py demo",
        error=True,
    )
    sys.exit(ENVIRONMENT)


if sys.version_info < OLDEST:
    look_for_a_newer_python()


PROJECT = Path(__file__).resolve().parent
VENV = PROJECT / ".venv"
STAMP = VENV / "epicerie-installed.txt"

# Each need is a list of names for the same library: since the 64-bit time transition, Debian 13 and Ubuntu 24.04 say …t64.
LIBRARIES = (
    ("libglib2.0-0", "libglib2.0-0t64"),
    ("libgl1",),
    ("libegl1",),
    ("libdbus-1-3",),
    ("libfontconfig1",),
    ("libxkbcommon0",),
)
WINDOW = (
    ("libxkbcommon-x11-0",),
    ("libxcb-cursor0",),
    ("libxcb-icccm4",),
    ("libxcb-keysyms1",),
    ("libxcb-shape0",),
)
PRINTING = (("libcups2", "libcups2t64"),)


class Stop(Exception):
    """Something outside the program is in the way; the sentence says what to do."""


def needs(command: str, python: str, has_ensurepip: bool, from_distribution: bool) -> tuple[tuple[str, ...], ...]:
    """Return the Debian packages that `command` needs, each with its possible names.

    `python` is the version such as `3.11`. `from_distribution` is false for a Python that Debian did not install: its
    own packages (`…-venv`, `libpython…`) would not serve it.
    """
    wanted: tuple[tuple[str, ...], ...] = LIBRARIES
    if from_distribution and not has_ensurepip:
        # `python3-venv` follows the default Python; another one beside it has its own package.
        names = ("python3-venv",) if python == default_python() else ("python" + python + "-venv",)
        wanted = (names, *wanted)
    if command != "test":
        wanted += WINDOW + PRINTING
    if command == "package":
        wanted += (("binutils",),)
        if from_distribution:
            wanted += (("libpython" + python, "libpython" + python + "t64"),)
    return wanted


def default_python() -> str:
    """Return the version (`3.11`) of the distribution's own `python3`, empty where there is none."""
    return Path("/usr/bin/python3").resolve().name[len("python") :]


def installed_names(listing: str, architecture: str) -> frozenset[str]:
    """Return every package name installed or provided, from lines `status TAB architecture TAB name TAB provides`."""
    found: set[str] = set()
    for line in listing.splitlines():
        status, arch, name, provides = [*line.split("\t"), "", "", "", ""][:4]
        if status == "installed" and arch in (architecture, "all"):
            found.add(name)
            found.update(p.split("(")[0].split(":")[0].strip() for p in provides.split(",") if p.strip())
    return frozenset(found)


def missing(wanted: tuple[tuple[str, ...], ...], installed: frozenset[str]) -> list[tuple[str, ...]]:
    """Return the needs of which no name is installed, in the order asked."""
    return [names for names in wanted if not installed.intersection(names)]


def candidates(policy: str) -> frozenset[str]:
    """Return the names that the system can install, from what `apt-cache policy NAME…` prints in English."""
    found: set[str] = set()
    name = ""
    for line in policy.splitlines():
        if line and not line[0].isspace():
            name = line.rstrip(":")
        elif line.strip().startswith("Candidate:") and "(none)" not in line:
            found.add(name)
    return frozenset(found)


def chosen(lacking: list[tuple[str, ...]], known: frozenset[str]) -> list[str]:
    """Return one name to install for each need: the first that the system knows, otherwise the usual one."""
    return [next((n for n in names if n in known), names[0]) for names in lacking]


def sentence_for_the_administrator(packages: list[str], command: str) -> str:
    """Return what to ask of the person who administers the machine, with the command to give."""
    return (
        "Il manque à cet ordinateur des éléments que seul son administrateur peut installer. Demandez-lui d’exécuter :"
        "\n\n    apt-get install --no-install-recommends " + " ".join(packages) + "\n\n"
        "puis relancez : python3 installer.py " + command
    )


def output_of(*command: str) -> str:
    """Return what a system command prints, in English, or nothing if it fails."""
    answer = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LC_ALL": "C"},
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return answer.stdout if answer.returncode == 0 else ""


def lacking_packages(command: str) -> list[tuple[str, ...]]:
    """Return the Debian packages that this machine lacks for `command`; none where Debian's tools are not there."""
    if not (sys.platform == "linux" and shutil.which("dpkg-query") and shutil.which("apt-get")):
        return []
    wanted = needs(
        command,
        f"{sys.version_info[0]}.{sys.version_info[1]}",
        importlib.util.find_spec("ensurepip") is not None,
        sys.base_prefix == "/usr",
    )
    fields = "${db:Status-Status}\t${Architecture}\t${Package}\t${Provides}\n"
    listing = output_of("dpkg-query", "-W", "-f=" + fields)
    return missing(wanted, installed_names(listing, output_of("dpkg", "--print-architecture").strip()))


def names_to_install(lacking: list[tuple[str, ...]]) -> list[str]:
    """Return the names to give to apt-get for what is lacking."""
    every = [name for names in lacking for name in names]
    return chosen(lacking, candidates(output_of("apt-cache", "policy", *every)))


def prepare_system(command: str) -> None:
    """Install the Debian packages that `command` lacks, or raise `Stop` with the command for the administrator."""
    lacking = lacking_packages(command)
    if not lacking:
        return
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    sudo = shutil.which("sudo")
    if not root and not (sudo and sys.stdin.isatty()):
        raise Stop(sentence_for_the_administrator(names_to_install(lacking), command))
    prefix = [] if root else [str(sudo)]
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    say("Installation des bibliothèques du système : " + ", ".join(names[0] for names in lacking))
    if not root:
        say("Votre mot de passe va vous être demandé par sudo.")
    subprocess.run([*apt, "update"], check=False)
    names = names_to_install(lacking)
    subprocess.run([*apt, "install", "--no-install-recommends", *names], check=False)
    importlib.invalidate_caches()
    lacking = lacking_packages(command)
    if lacking:
        raise Stop(sentence_for_the_administrator(names_to_install(lacking), command))


def venv_python() -> Path:
    """Return the path of the Python of the project's own environment, whether it exists or not."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def clean_environment(environ: dict[str, str]) -> dict[str, str]:
    """Return `environ` without what would send the libraries elsewhere than in the project's environment.

    The person's own indexes, certificates and constraints are kept.
    """
    elsewhere = {
        "PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__",
        "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_DRY_RUN", "PIP_IGNORE_INSTALLED", "PIP_NO_DEPS",
        "PIP_QUIET", "PIP_VERBOSE",
    }  # fmt: skip
    kept = {name: value for name, value in environ.items() if name.upper() not in elsewhere}
    kept.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_ROOT_USER_ACTION="ignore", PIP_NO_INPUT="1")
    return kept


def run_python(*arguments: str, quiet: bool = False, **changes: str) -> int:
    """Run the Python of the project's environment in the project's folder; return its exit code."""
    return subprocess.run(
        [str(venv_python()), *arguments],
        cwd=str(PROJECT),
        env={**clean_environment(dict(os.environ)), **changes},
        stdout=subprocess.DEVNULL if quiet else None,
        stderr=subprocess.DEVNULL if quiet else None,
        check=False,
    ).returncode


def prepare_venv() -> None:
    """Create the project's environment, again where an earlier try left a broken one or one of another Python."""
    same_python = f"import sys, pip; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    if venv_python().exists() and run_python("-c", same_python, quiet=True) == 0:
        return
    if not os.access(str(VENV if VENV.exists() else PROJECT), os.W_OK):
        raise Stop(
            "Ce compte ne peut pas écrire dans " + str(VENV) + ". Copiez le programme dans un dossier à vous, "
            "puis relancez la même commande."
        )
    say("Préparation de l’environnement Python : " + str(VENV))
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], env=clean_environment(dict(os.environ)), check=False
    )
    if made.returncode != 0:
        raise Stop("L’environnement Python n’a pas pu être créé ; le détail est au-dessus.")


def fingerprint(pyproject: bytes, folder: str, python: str) -> str:
    """Return what must be unchanged for an earlier installation to still hold."""
    return hashlib.sha256(b"\0".join((pyproject, os.fsencode(folder), python.encode()))).hexdigest()


def already_installed(stamp: str, wanted: str, extras: frozenset[str]) -> bool:
    """Return whether a stamp (fingerprint, then the extras) says that `extras` were installed for `wanted`."""
    words = stamp.split()
    return words[:1] == [wanted] and extras.issubset(words[1:])


def prepare_libraries(extras: frozenset[str]) -> None:
    """Install the program and its libraries in its environment, unless an earlier run did; works offline then."""
    wanted = fingerprint(
        (PROJECT / "pyproject.toml").read_bytes(), str(PROJECT), f"{sys.version_info[0]}.{sys.version_info[1]}"
    )
    stamp = STAMP.read_text(encoding="utf-8") if STAMP.is_file() else ""
    if already_installed(stamp, wanted, extras):
        return
    if stamp.split()[:1] == [wanted]:
        extras = extras.union(stamp.split()[1:])
    say("Installation du programme et de ses bibliothèques : cela peut prendre quelques minutes.")
    target = "." + ("[" + ",".join(sorted(extras)) + "]" if extras else "")
    pip = ["-m", "pip", "install", *([] if sys.stdout.isatty() else ["--quiet"])]
    if run_python(*pip, "--editable", target) != 0:
        raise Stop(
            "Les bibliothèques n’ont pas pu être installées ; le détail est au-dessus. "
            "Vérifiez la connexion à Internet, puis relancez la même commande."
        )
    if run_python("-I", "-c", "import epicerie_desktop", quiet=True) == 0:
        STAMP.write_text(" ".join([wanted, *sorted(extras)]) + "\n", encoding="utf-8")
        return
    # An accent in the folder's name may be unreadable to Python's path files: then the program is copied, at each run.
    if run_python(*pip, "--force-reinstall", "--no-deps", ".") != 0:
        raise Stop("Le programme n’a pas pu être installé ; le détail est au-dessus.")


def check_windows() -> None:
    """Raise `Stop` with the name of the lacking library where the windows' library cannot be loaded."""
    if run_python("-c", "import PySide6.QtWidgets", quiet=True) != 0:
        run_python("-c", "import PySide6.QtWidgets")
        raise Stop(
            "Les fenêtres ne peuvent pas s’ouvrir : la dernière ligne au-dessus nomme la bibliothèque du système qui manque."
        )


def has_screen(environ: dict[str, str], platform: str) -> bool:
    """Return whether a window can be shown, or was sent elsewhere on purpose by QT_QPA_PLATFORM."""
    if platform != "linux":
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def install(command: str, extras: frozenset[str]) -> None:
    """Prepare the system, the environment and the libraries for `command`."""
    prepare_system(command)
    prepare_venv()
    prepare_libraries(extras)


def demo(arguments: list[str]) -> int:
    """Install, then open the demonstration shop; return its exit code."""
    install("demo", frozenset())
    check_windows()
    if not has_screen(dict(os.environ), sys.platform):
        epicerie = venv_python().with_name("epicerie")
        raise Stop(
            "Tout est installé, mais cette session n’a pas d’écran : la fenêtre ne peut pas s’ouvrir. Relancez la même "
            "commande depuis une session graphique de l’ordinateur (ou par « ssh -X »). Sans écran, la ligne de commande "
            'fonctionne : "' + str(epicerie) + '" demo DOSSIER'
        )
    say("Ouverture de l’épicerie de démonstration.")
    return run_python("-m", "epicerie_desktop", "--demo", *arguments)


def test(arguments: list[str]) -> int:
    """Install what the tests need, then run them (`arguments` go to pytest), two files at a time; return their exit code."""
    install("test", frozenset({"dev"}))
    check_windows()
    shared = (
        ()
        if any(a.startswith(("-n", "-s", "--pdb")) for a in arguments)
        else ("-n", str(min(2, os.cpu_count() or 1)), "--dist", "loadfile")
    )
    return run_python(
        "-m", "pytest", *shared, *arguments, QT_QPA_PLATFORM=os.environ.get("QT_QPA_PLATFORM", "offscreen")
    )


def package() -> int:
    """Build the program to hand out under dist/ and let it check itself; return the exit code."""
    install("package", frozenset({"package"}))
    check_windows()
    built = run_python("-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "build.spec")
    if built != 0:
        raise Stop("Le programme n’a pas pu être construit ; le détail est au-dessus.")
    folder = PROJECT / "dist" / "epicerie"
    suffix = ".exe" if os.name == "nt" else ""
    environment = {**clean_environment(dict(os.environ)), "QT_QPA_PLATFORM": "offscreen"}
    for program, argument in (("epicerie-desktop", "--check"), ("epicerie", "--help")):
        asked = [str(folder / (program + suffix)), argument]
        if subprocess.run(asked, env=environment, check=False).returncode != 0:
            raise Stop("Le programme construit ne passe pas sa propre vérification ; le détail est au-dessus.")
    say("Le programme est prêt dans " + str(folder))
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    top = argparse.ArgumentParser(prog="installer.py", description="Prépare et lance le programme depuis ses sources.")
    commands = top.add_subparsers(dest="command", metavar="COMMANDE", required=True)
    commands.add_parser("demo", help="installe, puis ouvre l’épicerie de démonstration")
    commands.add_parser("test", help="installe ce que demandent les tests, puis les passe")
    only = commands.add_parser("install", help="installe seulement")
    only.add_argument("--dev", action="store_true", help="avec les outils de vérification et de test")
    commands.add_parser("package", help="construit le programme à distribuer, dans dist/")
    return top


def main() -> int:
    """Run the command asked for; return the exit code (0, 2: wrong arguments, 3: something outside is in the way)."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    asked, rest = parser().parse_known_args()
    if rest and asked.command not in ("demo", "test"):
        parser().error("argument inconnu : " + " ".join(rest))
    try:
        if asked.command == "demo":
            return demo(rest)
        if asked.command == "test":
            return test(rest)
        if asked.command == "package":
            return package()
        install("install", frozenset({"dev"}) if asked.dev else frozenset())
        say('Tout est installé. Pour ouvrir le programme : "' + str(venv_python().with_name("epicerie-desktop")) + '"')
    except Stop as stop:
        say(str(stop), error=True)
        return ENVIRONMENT
    except KeyboardInterrupt:
        say("Interrompu ; la même commande reprendra où elle en était.", error=True)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
