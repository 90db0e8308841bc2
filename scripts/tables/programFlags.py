"""Prints the flags of one server program as JSON, from its own option parser. Run in an environment that has it."""

import argparse
import json
import re
import sys


def of_click(command):
    """Click and Typer: an option that is no switch and no counter takes the next word."""
    flags = {}
    for parameter in command.params:
        if parameter.param_type_name != "option":
            continue
        takes_value = not (parameter.is_flag or parameter.count)
        for name in [*parameter.opts, *parameter.secondary_opts]:
            flags[name] = takes_value
    for name in command.context_settings.get("help_option_names", ["--help"]):
        flags[name] = False
    return flags


def of_argparse(parser):
    flags = {}
    for action in parser._actions:
        for name in action.option_strings:
            flags[name] = action.nargs != 0
    return flags


def captured(run):
    """The parser that `run` builds, taken at the moment it would read its words."""
    found = []

    def capture(self, *_args, **_kwargs):
        found.append(self)
        raise SystemExit(0)

    argparse.ArgumentParser.parse_args = capture
    argparse.ArgumentParser.parse_known_args = capture
    try:
        run()
    except SystemExit:
        pass
    return found[0]


def of_waitress():
    import waitress.runner

    text = getattr(waitress.runner, "HELP", None) or waitress.runner.__doc__
    flags = {}
    for negatable, name, value in re.findall(r"^\s{4}--(\[no-\])?([\w-]+)(=\S+)?", text, re.MULTILINE):
        flags[f"--{name}"] = bool(value)
        if negatable:
            flags[f"--no-{name}"] = False
    return flags


def flags_of(program):
    if program == "uvicorn":
        from uvicorn.main import main

        return of_click(main)
    if program == "gunicorn":
        from gunicorn.config import Config

        return of_argparse(Config().parser())
    if program == "hypercorn":
        from hypercorn.__main__ import main

        return of_argparse(captured(lambda: main(["x"])))
    if program == "fastapi run":
        import typer
        from fastapi_cli.cli import app

        return of_click(typer.main.get_command(app).commands["run"])
    if program == "flask run":
        from flask.cli import run_command

        return of_click(run_command)
    if program == "streamlit run":
        from streamlit.web.cli import main_run

        return of_click(main_run)
    if program == "granian":
        from granian.cli import cli

        return of_click(cli)
    if program == "waitress-serve":
        return of_waitress()
    raise SystemExit(f"unknown program {program}")


print(json.dumps(flags_of(sys.argv[1])))
