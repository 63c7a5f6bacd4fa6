"""XML from outside."""

import pytest

from bot.papers.safe_xml import parse_xml

LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><feed>&b;</feed>"""
FILE = """<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/hostname">]><feed>&x;</feed>"""


def test_elements_namespaces_attributes_and_text_are_read():
    root = parse_xml(b'<f xmlns="urn:a" xmlns:b="urn:b"><e b:k="v">x &amp; <![CDATA[<y>]]></e></f>')
    assert root.tag == "{urn:a}f"
    [element] = root
    assert (element.tag, element.attrib, element.text) == ("{urn:a}e", {"{urn:b}k": "v"}, "x & <y>")


@pytest.mark.parametrize("text", [LAUGHS, FILE, "<!DOCTYPE feed SYSTEM 'http://127.0.0.1/x.dtd'><feed/>"])
def test_p23_a_document_type_is_refused_before_anything_in_it_counts(text):
    with pytest.raises(ValueError, match="it has a document type"):
        parse_xml(text.encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no whole XML"),
        (b"<feed><entry>", "no whole XML"),
        (b"<feed>&unknown;</feed>", "no whole XML"),
        (b"\xff\xfe<", "no whole XML"),
        (b"<!-- only a comment -->", "no whole XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "no whole XML"),
        (b"<a>" * 100_000, "nested too deeply"),
    ],
)
def test_p23_what_is_no_xml_is_refused_with_the_reason(data, reason):
    with pytest.raises(ValueError, match=reason):
        parse_xml(data)
