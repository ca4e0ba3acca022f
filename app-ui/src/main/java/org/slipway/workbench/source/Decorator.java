package org.slipway.workbench.source;

import jfx.incubator.scene.control.richtext.SyntaxDecorator;
import jfx.incubator.scene.control.richtext.TextPos;
import jfx.incubator.scene.control.richtext.model.CodeTextModel;
import jfx.incubator.scene.control.richtext.model.RichParagraph;
import org.slipway.workbench.text.FindingText;

/** Colours the lines of the source and underlines what was found in them. */
final class Decorator implements SyntaxDecorator {

    private final Underlines underlines;

    Decorator(Underlines underlines) {
        this.underlines = underlines;
    }

    @Override
    public RichParagraph createRichParagraph(CodeTextModel model, int index) {
        String line = model.getPlainText(index);
        RichParagraph.Builder paragraph = RichParagraph.builder();
        for (JsonColours.Piece piece : JsonColours.pieces(line)) {
            paragraph.addWithStyleNames(
                    line.substring(piece.from(), piece.to()), piece.kind().styleClass());
        }
        for (Underlines.Span span : underlines.in(index)) {
            int from = Math.min(span.from(), line.length());
            int to = Math.min(span.to(), line.length());
            if (to > from) {
                paragraph.addWavyUnderline(from, to - from, "wave-" + FindingText.styleClass(span.severity()));
            }
        }
        return paragraph.build();
    }

    @Override
    public void handleChange(CodeTextModel model, TextPos start, TextPos end, int top, int lines, int bottom) {
        // each line is coloured by itself, so a change concerns no other one
    }
}
