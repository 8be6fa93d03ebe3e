"""Tables in files: what is read from good ones, what is said of bad ones, and that nothing in between is swallowed."""

import codecs
import csv
import gzip
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.kernel.problem import Problem
from regulars.platform.files import encodings, identity, model, opening
from regulars.platform.files.opening import Options


def read(path: Path, **options: str) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]], list[tuple[int, str]]]:
    """Columns, (number, values) of every row without the empty one at the end, (number, reason) of every fault."""
    table = opening.open_table(path, Options(**options))
    rows: list[tuple[int, tuple[str, ...]]] = []
    faults: list[tuple[int, str]] = []
    for batch in table.batches():
        assert all(row[-1] == "" and len(row) == len(table.columns) + 1 for row in batch.rows)
        rows += [(number, tuple(row[:-1])) for number, row in zip(batch.numbers, batch.rows, strict=True)]
        faults += [(fault.row, fault.reason.code) for fault in batch.faults]
    return table.columns, rows, sorted(faults)


def written(tmp_path: Path, content: bytes | str, name: str = "orders.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_is_found_out(tmp_path: Path, delimiter: str) -> None:
    text = "order,when,what\n1,2009-12-01,cup\n2,2009-12-02,plate\n".replace(",", delimiter)
    assert read(written(tmp_path, text)) == (
        ("order", "when", "what"),
        [(2, ("1", "2009-12-01", "cup")), (3, ("2", "2009-12-02", "plate"))],
        [],
    )


def test_a_delimiter_inside_values_does_not_mislead(tmp_path: Path) -> None:
    columns, rows, _ = read(written(tmp_path, 'order;price\n1;"3,50"\n2;4,75\n3;"1,2,3"\n'))
    assert columns == ("order", "price")
    assert rows == [(2, ("1", "3,50")), (3, ("2", "4,75")), (4, ("3", "1,2,3"))]


def test_quotes_may_hold_delimiters_quotes_and_line_ends(tmp_path: Path) -> None:
    text = 'order,what\r\n1,"a ""big"" cup, blue"\r\n2,"two\r\nlines"\r\n\r\n3,7" plate\r\n'
    assert read(written(tmp_path, text))[1:] == ([(2, ("1", 'a "big" cup, blue')), (3, ("2", "two\r\nlines")), (6, ("3", '7" plate'))], [])


def test_a_quote_that_never_closes_costs_one_row_only(tmp_path: Path) -> None:
    text = 'order,what\n1,cup\n2,"plate\n3,bowl\n4,jug\n'
    assert read(written(tmp_path, text))[1:] == ([(2, ("1", "cup")), (4, ("3", "bowl")), (5, ("4", "jug"))], [(3, "quote")])


def test_two_unclosed_quotes_do_not_swallow_what_lies_between_them(tmp_path: Path) -> None:
    text = 'order,what\n1,"cup\n2,bowl\n3,jug\n4,"plate\n5,pot\n'
    assert read(written(tmp_path, text))[1:] == ([(3, ("2", "bowl")), (4, ("3", "jug")), (6, ("5", "pot"))], [(2, "quote"), (5, "quote")])


def test_an_unclosed_quote_is_given_up_after_a_mebibyte_with_every_row_kept(tmp_path: Path) -> None:
    body = [f"{n},{'x' * 90}" for n in range(3, 30_000)]
    text = "order,what\n" + '2,"open\n' + "\n".join(body) + "\n"
    _, rows, faults = read(written(tmp_path, text))
    assert faults == [(2, "quote")]
    assert [number for number, _ in rows] == list(range(3, 30_000))
    assert [values[0] for _, values in rows] == [str(n) for n in range(3, 30_000)]


def test_rows_of_another_width_and_a_file_cut_in_the_middle_are_named(tmp_path: Path) -> None:
    text = "order,when,what\n1,2009,cup\n2,2009\n3,2009,cup,blue\n4,20"
    assert read(written(tmp_path, text))[1:] == ([(2, ("1", "2009", "cup"))], [(3, "columns"), (4, "columns"), (5, "cut")])


def test_a_broken_byte_is_a_fault_of_its_row(tmp_path: Path) -> None:
    content = b"order,what\n1,cup\n2,caf" + b"\xff\xe9" + "\n3,杯子\n".encode()
    table = opening.open_table(written(tmp_path, content))
    batches = list(table.batches())
    faults = [fault for batch in batches for fault in batch.faults]
    assert [(f.row, f.reason.code, f.value, f.detail) for f in faults] == [(3, "encoding", "2,caf\\xff\\xe9", "UTF-8")]
    assert [tuple(row[:2]) for batch in batches for row in batch.rows] == [("1", "cup"), ("3", "杯子")]


def test_a_broken_byte_inside_a_record_of_several_lines_is_one_fault(tmp_path: Path) -> None:
    content = b'order,what\n1,"two\nli' + b"\xff" + 'nes"\n2,茶\n'.encode()
    assert read(written(tmp_path, content))[1:] == ([(4, ("2", "茶"))], [(2, "encoding")])


def test_a_value_of_more_than_64_ki_characters_is_a_fault(tmp_path: Path) -> None:
    long = "x" * 65_537
    text = f'order,what\n1,{long}\n2,"{long}"\n3,{"y" * 200_000}\n4,{long[1:]}\n'
    _, rows, faults = read(written(tmp_path, text))
    assert faults == [(2, "field_too_long"), (3, "field_too_long"), (4, "field_too_long")]
    assert rows == [(5, ("4", long[1:]))]


def test_a_line_of_more_than_a_mebibyte_is_a_fault_and_the_next_one_is_read(tmp_path: Path) -> None:
    content = b"order,what\n1,cup\n2," + b"x" * (5 << 20) + b"\n3,bowl\n4," + b"y" * ((1 << 20) + 1) + b"\n5,jug\n"
    assert read(written(tmp_path, content))[1:] == (
        [(2, ("1", "cup")), (4, ("3", "bowl")), (6, ("5", "jug"))],
        [(3, "line_too_long"), (5, "line_too_long")],
    )


def test_a_dropped_line_inside_an_open_quote_joins_nothing_across_it(tmp_path: Path) -> None:
    content = b'order,what\n1,"open\n' + b"x" * (2 << 20) + b'\n2,"closed"\n3,jug\n'
    assert read(written(tmp_path, content))[1:] == (
        [(4, ("2", "closed")), (5, ("3", "jug"))],
        [(2, "quote"), (3, "line_too_long")],
    )


def test_a_line_of_two_gigabytes_is_read_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.write(b"order,what\n1,cup\n2,")
        file.seek(2 << 30)
        file.write(b"\n3,bowl\n")
    tracemalloc.start()
    # The rest of a sparse file is NUL bytes: without a named encoding it would be taken for something binary.
    _, rows, faults = read(path, encoding="utf-8")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == [(2, ("1", "cup")), (4, ("3", "bowl"))]
    assert faults == [(3, "line_too_long")]
    assert peak < 16 << 20


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encodings_of_exports_are_found_out(tmp_path: Path, encoding: str) -> None:
    text = "订单号,商品\n1,青花瓷杯\n2,茶壶\n"
    assert read(written(tmp_path, text.encode(encoding)))[1:] == ([(2, ("1", "青花瓷杯")), (3, ("2", "茶壶"))], [])


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_broken_pair_in_utf_16_is_a_fault_of_its_row(tmp_path: Path, mark: bytes) -> None:
    name = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    lone = "\ud800".encode(name, "surrogatepass")
    content = mark + "a,b\n1,x\n2,".encode(name) + lone + "\n3,y\n".encode(name)
    assert read(written(tmp_path, content))[1:] == ([(2, ("1", "x")), (4, ("3", "y"))], [(3, "encoding")])


def test_western_letters_are_not_taken_for_chinese(tmp_path: Path) -> None:
    content = "order,what\n1,Caf\xe9set\n2,na\xefve\n".encode("latin-1")
    table = opening.open_table(written(tmp_path, content))
    assert any("--encoding" in note.en for note in table.notes)
    assert [f.reason.code for batch in table.batches() for f in batch.faults] == ["encoding", "encoding"]
    assert read(written(tmp_path, content), encoding="cp1252")[1:] == ([(2, ("1", "Caféset")), (3, ("2", "naïve"))], [])


def test_gb18030_is_found_out_when_the_first_mebibyte_is_ascii(tmp_path: Path) -> None:
    content = b"order,what\n" + b"1,cup\n" * 400_000 + ("2,青花瓷\n" * 20_000).encode("gb18030")
    _, rows, faults = read(written(tmp_path, content))
    assert (len(rows), faults, rows[-1][1]) == (420_000, [], ("2", "青花瓷"))


def test_an_unknown_encoding_is_refused_with_examples() -> None:
    with pytest.raises(Problem, match="gb18030"):
        encodings.named("klingon")


def test_gzip_is_read_and_a_broken_one_names_the_row_it_ends_in(tmp_path: Path) -> None:
    text = "order,what\n" + "".join(f"{n},cup {n * 7919 % 1000003}\n" for n in range(2, 50_000))
    whole = gzip.compress(text.encode())
    assert len(read(written(tmp_path, whole, "orders.csv.gz"))[1]) == 49_998
    _, rows, faults = read(written(tmp_path, whole[: len(whole) // 2], "cut.csv.gz"))
    assert faults == [(len(rows) + 2, "cut")]
    assert [values[0] for _, values in rows] == [str(n) for n in range(2, len(rows) + 2)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (b"\n\n  \n", "file.empty"),
        (b"order,when\n", "file.empty"),
        (b"order,when", "file.empty"),
        (b"order,when,order\n1,2,3\n", "file.header"),
        (b'"order,when\n1,2\n', "file.header"),
        (b"x" * (2 << 20) + b"\n1,2\n", "file.header"),
        (b"\xff\xfeor\xe9der,when\xff\n1,2\n"[2:], "file.header"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\n\x00", "file.kind_unknown"),
        (b'[{"a": 1}]', "file.kind_unknown"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        opening.open_table(written(tmp_path, content))
    assert refused.value.code == code
    assert refused.value.text("zh") != refused.value.text("en")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        opening.open_table(tmp_path / "none.csv")
    assert refused.value.code == "file.missing"


def test_columns_without_a_name_get_one(tmp_path: Path) -> None:
    assert read(written(tmp_path, " order ,,what\n1,2,3\n"))[0] == ("order", "column 2", "what")


def test_ndjson_gives_flat_objects_and_faults_for_the_rest(tmp_path: Path) -> None:
    text = (
        '{"order": "1", "n": 3, "price": 6.95}\n'
        "\n"
        '{"order": 13085.0, "n": null, "gift": true}\n'
        '{"order": "3", "n": [1]}\n'
        '{"order": "4"\n'
        "[1, 2]\n"
        '{"order": 1e-7, "later": "aside"}\n'
    )
    assert read(written(tmp_path, text, "orders.ndjson")) == (
        ("order", "n", "price", "gift", "later"),
        [(1, ("1", "3", "6.95", "", "")), (3, ("13085", "", "", "true", "")), (7, ("0.0000001", "", "", "", "aside"))],
        [(4, "nested"), (5, "json"), (6, "json")],
    )


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    path = written(tmp_path, b"abc")
    assert identity.identify(path) == identity.Identity(3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=8)


@settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=20), delimiter=st.sampled_from(",;\t|"))
def test_whatever_is_written_properly_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(["a", "b", "c"])
        writer.writerows(rows)
    _, found, faults = read(path, delimiter=delimiter)
    assert faults == []
    assert [list(values) for _, values in found] == rows


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["1,a", '2,"b"', '3,"c', "4,d,e", '5,"f"g', "", "6,\xff"]), min_size=1, max_size=12))
def test_every_line_is_a_row_a_fault_or_blank_but_never_two_of_them(tmp_path_factory: pytest.TempPathFactory, body: list[str]) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes("\n".join(["n,what", "0,zero", *body, ""]).encode("latin-1"))
    table = opening.open_table(path, Options(encoding="utf-8", delimiter=","))
    rows: dict[int, int] = {}
    faults: list[int] = []
    for batch in table.batches():
        rows |= {number: row[1].count("\n") + 1 for number, row in zip(batch.numbers, batch.rows, strict=True)}
        faults += [fault.row for fault in batch.faults]
    covered = sorted([line for number, span in rows.items() for line in range(number, number + span)] + faults)
    wanted = [2] + [at for at, line in enumerate(body, 3) if line]
    assert len(covered) == len(set(covered))
    assert set(wanted) <= set(covered)


def test_faults_quote_at_most_200_printable_characters() -> None:
    assert model.excerpt("a\x00\x1b" + "b" * 300) == "a��" + "b" * 197
