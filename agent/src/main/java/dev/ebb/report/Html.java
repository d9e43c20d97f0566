package dev.ebb.report;

/** Text into HTML: what the program names, as labels, threads and classes, is hostile until it went through {@link #text}. Not safe for threads. */
final class Html {
    private final StringBuilder html = new StringBuilder(1 << 16);

    /** Markup of ours. */
    Html raw(String markup) {
        html.append(markup);
        return this;
    }

    /** Anything; what would turn the direction of writing or not be seen is shown by its number. */
    Html text(Object value) {
        String text = String.valueOf(value);
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            int type = Character.getType(c);
            if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'') {
                html.append("&#").append(c).append(';');
            } else if (type == Character.CONTROL && c != '\n' || type == Character.FORMAT || type == Character.SURROGATE || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR) {
                html.append("\\u").append(Integer.toHexString(0x10000 + c).substring(c < 0x10000 ? 1 : 0));
            } else {
                html.appendCodePoint(c);
            }
        }
        return this;
    }

    /** {@code <tag>text</tag>} */
    Html element(String tag, Object text) {
        return raw("<" + tag + ">").text(text).raw("</" + tag + ">\n");
    }

    /** A table for which narrow screens get a scroll bar of its own. */
    Html table(String caption, String... heads) {
        raw("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"").text(caption).raw("\"><table><caption>").text(caption).raw("</caption><thead><tr>");
        for (String head : heads) {
            raw("<th scope=\"col\">").text(head).raw("</th>");
        }
        return raw("</tr></thead><tbody>\n");
    }

    Html row(Object... cells) {
        raw("<tr>");
        for (int i = 0; i < cells.length; i++) {
            raw(i == 0 ? "<th scope=\"row\">" : "<td>").text(cells[i]).raw(i == 0 ? "</th>" : "</td>");
        }
        return raw("</tr>\n");
    }

    Html endTable() {
        return raw("</tbody></table></div>\n");
    }

    /** JSON for a script element: nothing in it can end the element. */
    static String json(String json) {
        return json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
