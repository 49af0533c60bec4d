package io.vertask.app.job.yaml;

import io.vertask.app.job.yaml.YamlNode.Mapping;
import io.vertask.app.job.yaml.YamlNode.Scalar;
import io.vertask.app.job.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Builds the tree of one YAML document, with places, from the parser's events.
 *
 * <p>Strict: no tags, unique text keys, bounded depth, and aliases that expand to a bounded number of values.
 */
final class YamlTree {

    private static final int DEEPEST = 32;
    private static final int MOST_FROM_ALIASES = 10_000;

    private record Anchored(YamlNode node, int size) {}

    /** The rest of the document cannot be read; the reason is already among the mistakes. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super("unreadable", null, false, false);
        }
    }

    private final Iterator<Event> events;
    private final Map<String, String> env;
    private final Mistakes mistakes;
    private final @Nullable Place all;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private int size;
    private int fromAliases;

    /** @param all the place of every node, for a text that stands on the command line; null takes each node's own */
    YamlTree(Iterator<Event> events, Map<String, String> env, Mistakes mistakes, @Nullable Place all) {
        this.events = events;
        this.env = env;
        this.mistakes = mistakes;
        this.all = all;
    }

    YamlNode node(Event event, int depth) {
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        int before = size++;
        YamlNode node = event instanceof ScalarEvent scalar
                ? scalar(scalar)
                : collection((CollectionStartEvent) event, depth + 1);
        Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
        anchor.ifPresent(name -> anchors.put(name.getValue(), new Anchored(node, size - before)));
        return node;
    }

    private YamlNode alias(AliasEvent alias) {
        String name = alias.getAlias().getValue();
        Anchored target = anchors.get(name);
        Place place = place(alias);
        if (target == null) {
            mistakes.show(place, "no complete anchor " + MessageText.quote("&" + name) + " before this alias");
            throw new Unreadable();
        }
        fromAliases += target.size();
        size += target.size();
        if (fromAliases > MOST_FROM_ALIASES) {
            mistakes.show(place, "the aliases expand to more than " + MOST_FROM_ALIASES + " values", "write them out");
            throw new Unreadable();
        }
        return target.node().at(place);
    }

    private Scalar scalar(ScalarEvent event) {
        refuseTag(event.getTag(), event);
        return Variables.replace(place(event), event.getValue(), event.isPlain(), env);
    }

    private YamlNode collection(CollectionStartEvent event, int depth) {
        refuseTag(event.getTag(), event);
        if (depth > DEEPEST) {
            mistakes.show(place(event), "nested deeper than " + DEEPEST + " levels");
            throw new Unreadable();
        }
        return event instanceof MappingStartEvent ? mapping(event, depth) : sequence(event, depth);
    }

    private Sequence sequence(CollectionStartEvent start, int depth) {
        List<YamlNode> entries = new ArrayList<>();
        Event next = events.next();
        while (next.getEventId() != Event.ID.SequenceEnd) {
            entries.add(node(next, depth));
            next = events.next();
        }
        return new Sequence(place(start, next), List.copyOf(entries));
    }

    private Mapping mapping(CollectionStartEvent start, int depth) {
        Map<String, Mapping.Entry> entries = new LinkedHashMap<>();
        List<Mapping.Entry> refused = new ArrayList<>();
        Event next = events.next();
        while (next.getEventId() != Event.ID.MappingEnd) {
            if (next instanceof ScalarEvent scalar) {
                Mapping.Entry entry = new Mapping.Entry(key(scalar), node(events.next(), depth));
                if (isFirst(entry.key(), entries)) {
                    entries.put(entry.key().text(), entry);
                } else {
                    refused.add(entry);
                }
            } else {
                mistakes.show(place(next), "a key must be text");
                Scalar noKey = new Scalar(place(next), "", "", true, List.of());
                refused.add(new Mapping.Entry(noKey, node(next, depth)));
                refused.add(new Mapping.Entry(noKey, node(events.next(), depth)));
            }
            next = events.next();
        }
        return new Mapping(place(start, next), entries, List.copyOf(refused));
    }

    /** A key as it is written: variables are replaced in values only. */
    private Scalar key(ScalarEvent event) {
        refuseTag(event.getTag(), event);
        return new Scalar(place(event), event.getValue(), event.getValue(), event.isPlain(), List.of());
    }

    private boolean isFirst(Scalar key, Map<String, Mapping.Entry> entries) {
        Mapping.Entry first = entries.get(key.text());
        if (first != null) {
            mistakes.show(
                    key.place(),
                    "duplicate key " + MessageText.quote(key.text()),
                    "it is already on line " + first.key().place().line() + "; keep one");
        }
        return first == null;
    }

    private void refuseTag(Optional<String> tag, Event event) {
        tag.ifPresent(name ->
                mistakes.show(place(event), "tags are not used in job files: " + MessageText.quote(name), "remove it"));
    }

    private Place place(Event event) {
        return place(event, event);
    }

    private Place place(Event first, Event last) {
        if (all != null) {
            return all;
        }
        Mark start = first.getStartMark().orElseThrow();
        Mark end = last.getEndMark().orElseThrow();
        return new Place(start.getLine() + 1, start.getColumn() + 1, end.getLine() + 1, end.getColumn() + 1, null);
    }
}
