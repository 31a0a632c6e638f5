// Fills a form with many submissions and prints what JavaRosa, ODK's own engine, finds in each.

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.parse.XFormParser;

/** Arguments: the form, and a directory of submissions (NAME.xml). */
public final class JavaRosaJudge {
    private static final String CACAH = "https://cacah.id/xforms";

    public static void main(String[] arguments) throws Exception {
        new XFormsModule().registerModule();
        try (Stream<Path> submissions = Files.list(Path.of(arguments[1]))) {
            for (Path each : submissions.sorted().toList()) {
                System.out.println("submission " + each.getFileName());
                judge(Path.of(arguments[0]), each);
            }
        }
    }

    private static void judge(Path form, Path submission) throws Exception {
        FormDef definition;
        try (Reader blank = Files.newBufferedReader(form); Reader filled = Files.newBufferedReader(submission)) {
            definition = new XFormParser(blank, filled).parse();
        }
        definition.initialize(false, new InstanceInitializationFactory());
        look(definition, definition.getMainInstance().getRoot(), "");
    }

    private static void look(FormDef definition, TreeElement element, String path) {
        if (!element.isRelevant() || element.getMult() == TreeReference.INDEX_TEMPLATE) {
            return;
        }
        for (int at = 0; at < element.getNumChildren(); at++) {
            TreeElement child = element.getChildAt(at);
            String step = child.getName() + (child.isRepeatable() ? "[" + (child.getMult() + 1) + "]" : "");
            look(definition, child, path.isEmpty() ? step : path + "/" + step);
        }
        if (!element.isLeaf()) {
            return;
        }
        if (element.getValue() != null) {
            System.out.println("value " + path + " " + element.getValue().uncast().getString());
            if (!definition.evaluateConstraint(element.getRef(), element.getValue())) {
                System.out.println("constraint " + path);
            }
        } else if (element.isRequired()) {
            System.out.println("missing " + path);
        }
        if ("yes".equals(element.getBindAttributeValue(CACAH, "warning"))) {
            System.out.println("warning " + path);
        }
    }
}
