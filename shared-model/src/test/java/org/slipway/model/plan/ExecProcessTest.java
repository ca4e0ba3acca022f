package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.node.ObjectNode;

/** Whose members a process has that is executed in a container. */
class ExecProcessTest {

    private static final ObjectNode CONFIG = Specs.tree(Specs.minimal("""
            {'process':{'terminal':true,'consoleSize':{'height':9,'width':8},'env':['PATH=/bin','A=1'],'cwd':'/tmp',
                        'user':{'uid':5,'gid':6,'additionalGids':[7]},'noNewPrivileges':true,
                        'capabilities':{'bounding':['CAP_KILL'],'effective':['CAP_KILL'],'permitted':['CAP_KILL']},
                        'rlimits':[{'type':'RLIMIT_NOFILE','soft':9,'hard':9}]}}"""));

    private static ObjectNode process(ExecProcess asked) {
        return (ObjectNode) asked.in(CONFIG).get("process");
    }

    private static ObjectNode json(String text) {
        return Specs.tree(text.replace('\'', '"'));
    }

    @Test
    @Requirement({"EXT-EXEC-01", "EXT-EXEC-03"})
    void whatIsNotSaidIsTheContainersButTheProgramAndItsTerminal() {
        ObjectNode own = ((ObjectNode) CONFIG.get("process")).deepCopy();
        own.remove(List.of("args", "terminal", "consoleSize"));
        own.putArray("args").add("ls").add("/");
        assertEquals(own, process(ExecProcess.of(List.of("ls", "/"))));
    }

    @Test
    @Requirement({"EXT-EXEC-01", "TASK-30", "CLI-EXEC-01"})
    void aMemberOfAProcessObjectTakesTheContainersPlace() {
        ObjectNode made =
                process(ExecProcess.of(json("{'args':['x'],'user':{'uid':0,'gid':0},'cwd':'/','rlimits':[]}")));
        assertEquals(json("{'uid':0,'gid':0}"), made.get("user"));
        assertEquals("/", made.get("cwd").asString());
        assertEquals(0, made.get("rlimits").size());
        assertEquals(true, made.get("noNewPrivileges").asBoolean());
        assertEquals(false, made.has("terminal"));
        assertEquals(2, made.get("env").size());
    }

    @Test
    @Requirement("CLI-EXEC-03")
    void optionsGoOverTheContainersOrAreAddedToThem() {
        ObjectNode made = process(new ExecProcess(
                Optional.empty(),
                List.of("sh"),
                true,
                Optional.of("/var"),
                List.of("A=2", "B=3"),
                Optional.of(8L),
                Optional.empty(),
                List.of(10L),
                List.of("CAP_CHOWN", "CAP_KILL"),
                Optional.of(false),
                Optional.of("profile"),
                Optional.of("label")));
        assertEquals(json("""
                {'cwd':'/var','env':['PATH=/bin','A=2','B=3'],'user':{'uid':8,'gid':6,'additionalGids':[7,10]},
                 'noNewPrivileges':false,'args':['sh'],'terminal':true,'apparmorProfile':'profile','selinuxLabel':'label',
                 'capabilities':{'bounding':['CAP_KILL','CAP_CHOWN'],'effective':['CAP_KILL','CAP_CHOWN'],
                                 'permitted':['CAP_KILL','CAP_CHOWN']},
                 'rlimits':[{'type':'RLIMIT_NOFILE','soft':9,'hard':9}]}"""), Specs.tree(made.toString()));
    }

    @Test
    void aContainerWithoutAProcessLendsNothing() {
        ObjectNode config = CONFIG.deepCopy();
        config.remove("process");
        assertEquals(
                json("{'cwd':'/','args':['x']}"),
                ExecProcess.of(List.of("x")).in(config).get("process"));
    }

    @Test
    void theConfigurationItselfStaysAsItIs() {
        String before = CONFIG.toString();
        process(ExecProcess.of(json("{'args':['x'],'user':{'uid':1,'gid':1}}")));
        assertEquals(before, CONFIG.toString());
    }
}
