"""How does source for Python 3.12 run on 3.11? With `type X = …` and f-strings written the old way.

python algebra_backport.py FOLDER        (needs libcst; rewrites the files that do not compile)
"""

import sys
from pathlib import Path

import libcst as cst


class Older(cst.CSTTransformer):
    def leave_TypeAlias(self, original_node, updated_node):  # noqa: N802
        # Such names stand in annotations only, which nobody evaluates.
        return cst.Assign([cst.AssignTarget(updated_node.name)], cst.Name("object"))

    def leave_FormattedStringExpression(self, original_node, updated_node):  # noqa: N802
        code = " ".join(cst.Module([]).code_for_node(updated_node.expression).split())
        none = cst.SimpleWhitespace("")
        return updated_node.with_changes(
            expression=cst.parse_expression(code),
            whitespace_before_expression=none,
            whitespace_after_expression=none,
        )


def main():
    for path in Path(sys.argv[1]).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        try:
            compile(text, str(path), "exec")
        except SyntaxError:
            path.write_text(cst.parse_module(text).visit(Older()).code, encoding="utf-8")


if __name__ == "__main__":
    main()
