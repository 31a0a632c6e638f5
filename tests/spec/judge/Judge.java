// Fills in forms with a real JavaRosa (the one inside ODK Validate) and prints what it makes of them.

import java.io.File;
import java.io.FileReader;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.parse.XFormParser;

public class Judge {
    static PrintStream out;

    // One line a node: case, path, relevant, value.
    static void print(String name, TreeElement element, String path) {
        if (element.getNumChildren() == 0) {
            String value = element.getValue() == null ? "" : element.getValue().uncast().getString();
            out.println(name + "\t" + path + "\t" + element.isRelevant() + "\t" + value.replace("\n", " "));
        } else {
            out.println(name + "\t" + path + "\t" + element.isRelevant() + "\t");
        }
        Map<String, Integer> rows = new HashMap<>();
        for (int i = 0; i < element.getNumChildren(); i++) {
            TreeElement child = element.getChildAt(i);
            if (child.getMult() == TreeReference.INDEX_TEMPLATE) continue;
            int row = rows.merge(child.getName(), 1, Integer::sum);
            String suffix = child.isRepeatable() ? "[" + row + "]" : "";
            String prefix = path.isEmpty() ? "" : path + "/";
            print(name, child, prefix + child.getName() + suffix);
        }
    }

    public static void main(String[] arguments) throws Exception {
        out = new PrintStream(System.out, true, "UTF-8");
        new XFormsModule().registerModule();
        File[] forms = new File(arguments[0]).listFiles((folder, name) -> name.endsWith(".form.xml"));
        Arrays.sort(forms);
        for (File form : forms) {
            String name = form.getName().replace(".form.xml", "");
            File answers = new File(arguments[0], name + ".answers.xml");
            try (FileReader xml = new FileReader(form); FileReader given = new FileReader(answers)) {
                FormDef definition = new XFormParser(xml, given).parse();
                definition.initialize(false, new InstanceInitializationFactory());
                print(name, definition.getInstance().getRoot(), "");
            } catch (Exception error) {
                String message = String.valueOf(error.getMessage()).replace("\n", " ");
                out.println(name + "\tERROR\tfalse\t" + message);
            }
        }
    }
}
