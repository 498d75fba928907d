"""Assembles the labelled lines of a page to articles, and names what belongs to no article."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from articles.reading.lines.printed_lines import PrintedLine, split_lines
from articles.reading.values import (
    Block,
    BlockKind,
    Page,
    PageLayout,
    Residue,
    ResidueKind,
    Span,
    Story,
)

from .advert_insets import advert_insets
from .context_features import extract_features
from .layout_hints import LayoutHints
from .line_features import JUMPED_FROM
from .line_model import load_line_model
from .sequence_model import LabelDecision, LineObservation, SequenceModel
from .unwrapping import unwrap_columns

_KINDS: dict[str, BlockKind] = {
    "kicker": "kicker",
    "headline": "headline",
    "more": "headline",
    "subtitle": "subtitle",
    "opening": "byline",
    "signature": "byline",
    "paragraph": "paragraph",
    "continuation": "paragraph",
    "heading": "heading",
    "caption": "caption",
    "caption more": "caption",
    "inset": "caption",
    "credit": "credit",
}
_RESIDUES: dict[str, ResidueKind] = {
    "header": "header",
    "notice": "notice",
    "advert title": "advert",
    "advert": "advert",
}
_BEGINNINGS = ("kicker", "headline")
_CONTINUING = ("continuation", "more", "caption more")


_Part = tuple[PrintedLine, LabelDecision]


@dataclass(slots=True)
class _Draft:
    """An article while its lines are collected; adding a line costs the same however many there are."""

    kinds: list[BlockKind] = field(default_factory=list)
    parts: list[list[_Part]] = field(default_factory=list)
    last: dict[BlockKind, int] = field(default_factory=dict)  # the last block of each kind

    def has(self, *kinds: BlockKind) -> bool:
        return any(kind in self.last for kind in kinds)

    def add(self, line: PrintedLine, decision: LabelDecision) -> None:
        """Add the line as a new block, or as one more span of the block that it continues."""
        kind = _KINDS[decision.label]
        if decision.label in _CONTINUING and kind in self.last:
            self.parts[self.last[kind]].append((line, decision))
            return
        self.last[kind] = len(self.kinds)
        self.kinds.append(kind)
        self.parts.append([(line, decision)])

    def blocks(self) -> list[Block]:
        return [_block(kind, parts) for kind, parts in zip(self.kinds, self.parts, strict=True)]


def _block(kind: BlockKind, parts: Sequence[_Part]) -> Block:
    return Block(
        kind,
        tuple(span for line, _ in parts for span in line.spans),
        "".join(line.text for line, _ in parts),
        min(decision.margin for _, decision in parts),
    )


@dataclass(frozen=True, slots=True)
class LabelledLines:
    """The lines of a page without column breaks, what is observed of each, its label, and the adverts set between.

    `hints` is what the layout of the page says of the lines, if it has one.
    """

    lines: Sequence[PrintedLine]
    observations: list[LineObservation]
    decisions: list[LabelDecision]
    insets: list[PrintedLine]
    hints: LayoutHints | None = None


def label_lines(
    text: str, model: SequenceModel | None = None, layout: PageLayout | None = None
) -> LabelledLines:
    """Label the lines of a page, by the table in the repository if no other is given."""
    printed = split_lines(text)
    if layout is not None:
        return _label_laid_out(printed, LayoutHints(layout.lines), model or load_line_model())
    insets = advert_insets(printed)
    lines = unwrap_columns([line for number, line in enumerate(printed) if number not in insets])
    observations = extract_features(lines)
    labelled = (model or load_line_model()).label(observations)
    decisions = [_continued(*row) for row in zip(observations, labelled, strict=True)]
    return LabelledLines(lines, observations, decisions, [printed[number] for number in sorted(insets)])


def _label_laid_out(
    printed: Sequence[PrintedLine], hints: LayoutHints, model: SequenceModel
) -> LabelledLines:
    """Label the lines of a page within what its layout says: the rest of the features speak as on any page."""
    lines = hints.unwrap(printed)
    observations = hints.limit(lines, extract_features(lines))
    return LabelledLines(lines, observations, model.label(observations), [], hints)


def _continued(observation: LineObservation, decision: LabelDecision) -> LabelDecision:
    """Go on with the paragraph above where its bracket closes: that is certain, and too rare to be learned."""
    if decision.label == "paragraph" and "bracket closes from above" in observation.relations:
        return replace(decision, label="continuation")
    return decision


def assemble_stories(
    page: Page, model: SequenceModel | None = None
) -> tuple[tuple[Story, ...], tuple[Residue, ...]]:
    """Assemble the articles of a page, and what is printed besides; `with_blanks` adds the white space between."""
    labelled = label_lines(page.text, model, page.layout)
    stories = [Story(tuple(_with_body(draft))) for draft in _drafts(labelled)]
    named = [
        Residue(_RESIDUES[decision.label], start, end)
        for line, decision in zip(labelled.lines, labelled.decisions, strict=True)
        if decision.label in _RESIDUES
        for start, end in line.spans
    ]
    named += [Residue("advert", *span) for line in labelled.insets for span in line.spans]
    return tuple(stories), tuple(sorted(named, key=lambda residue: residue.start))


def with_blanks(stories: Iterable[Story], named: Sequence[Residue], page: Page) -> tuple[Residue, ...]:
    """Add to the residue the white space of the page; together with the stories it covers every character once."""
    used = [span for story in stories for block in story.blocks for span in block.spans]
    blanks = _blanks(len(page.text), [*used, *((residue.start, residue.end) for residue in named)])
    return tuple(sorted([*named, *blanks], key=lambda residue: residue.start))


def _drafts(labelled: LabelledLines) -> list[_Draft]:
    drafts: list[_Draft] = []
    draft = _Draft()
    above: PrintedLine | None = None
    for line, decision in zip(labelled.lines, labelled.decisions, strict=True):
        if decision.label in _RESIDUES:
            continue
        if _begins_article(line, above, decision, draft, labelled.hints):
            drafts.append(draft)
            draft = _Draft()
        draft.add(line, decision)
        above = line
    return [draft for draft in (*drafts, draft) if draft.kinds]


def _begins_article(
    line: PrintedLine,
    above: PrintedLine | None,
    decision: LabelDecision,
    draft: _Draft,
    hints: LayoutHints | None,
) -> bool:
    """Whether a line begins another article: as the layout says, or else by its label."""
    if hints and above and (hints.begins_area(line, above) or hints.is_in_one_area(line, above)):
        return hints.begins_area(line, above)
    return (decision.label in _BEGINNINGS and _is_complete(draft)) or _continues_other_page(line, draft)


def _is_complete(draft: _Draft) -> bool:
    """Whether a new headline or kicker begins the next article; captions may be above their own headline."""
    return draft.has("headline", "paragraph", "byline")


def _continues_other_page(line: PrintedLine, draft: _Draft) -> bool:
    """Whether the line continues an article of another page without its headline: （上接第1版）."""
    return draft.has("paragraph") and JUMPED_FROM.match(line.fold) is not None


def _with_body(draft: _Draft) -> list[Block]:
    """The blocks of the article; the longest caption is the body of a photo story that has no other text."""
    blocks = draft.blocks()
    if draft.has("paragraph"):
        return blocks
    captions = [block for block in blocks if block.kind == "caption"]
    body = max(captions, key=lambda block: len(block.text), default=None)
    return [replace(block, kind="paragraph") if block is body else block for block in blocks]


def _blanks(length: int, used: list[Span]) -> Iterator[Residue]:
    """The white space between the used spans."""
    end = 0
    for start, next_end in [*sorted(used), (length, length)]:
        if end < start:
            yield Residue("blank", end, start)
        end = next_end
