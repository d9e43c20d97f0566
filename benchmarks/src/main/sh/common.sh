# What the commands of benchmarks share. Sourced from the root of the project, with $jdk_given: a JDK home, or empty for JAVA_HOME or the one of the java on the path.
jdk=${jdk_given:-${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}}
agent=agent/target/ebb-agent.jar
out=benchmarks/target
[[ -f $agent ]] || { echo "no $agent: mvn -q package -DskipTests makes it" >&2; exit 1; }
mkdir -p "$out/drivers" "$out/programs"

# group:artifact:version[:type:classifier], which is left in $out/peers
fetch() {
  mvn -q -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy -Dartifact="$1" -DoutputDirectory="$PWD/$out/peers" -Dmdep.stripVersion=true -Dmdep.stripClassifier=true >&2
}

# A program of benchmarks/src/main/programs with what it needs of these. $1: its name, $2: further class path
program() {
  javac --release 17 -cp "${2:-.}" -sourcepath benchmarks/src/main/programs -d "$out/programs" "benchmarks/src/main/programs/$1.java"
}

# A class of dev.ebb.turns, which runs programs in turn and prints a table.
turns() {
  javac --release 17 -d "$out/drivers" benchmarks/src/main/java/dev/ebb/turns/*.java
  java -cp "$out/drivers" "dev.ebb.turns.$1" "${@:2}"
}

machine() {
  echo "kernel $(uname -r), $(nproc) cores, load of this machine $(cut -d' ' -f1-3 /proc/loadavg), $("$jdk/bin/java" -version 2>&1 | sed -n 2p)"
}

# 17, 25 …
feature() {
  "$jdk/bin/java" -version 2>&1 | sed -n '1s/[^"]*"\([0-9]*\).*/\1/p'
}

# Unsafe and native code without the warnings of newer JDKs
quiet_options() {
  if (($(feature) >= 24)); then echo "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"; fi
}

# The floor of any agent, one that does nothing: $out/empty.jar
empty_agent() {
  mkdir -p "$out/empty"
  echo 'public class Empty { public static void premain(String a) { } public static void agentmain(String a) { } }' > "$out/empty/Empty.java"
  printf '%s\n' 'Premain-Class: Empty' 'Agent-Class: Empty' 'Can-Retransform-Classes: true' 'Can-Redefine-Classes: true' > "$out/empty/manifest"
  javac --release 17 -d "$out/empty" "$out/empty/Empty.java"
  jar cfm "$out/empty.jar" "$out/empty/manifest" -C "$out/empty" Empty.class
}

# Other agents that weave the JDK or much of a program, as name=options, into the array agents. $@: which of them
peers() {
  local peer
  for peer in "$@"; do
    case $peer in
      file-leak-detector) fetch org.kohsuke:file-leak-detector:1.13:jar:jar-with-dependencies && agents+=("file-leak-detector 1.13=-javaagent:$out/peers/file-leak-detector.jar") ;;
      BlockHound) fetch io.projectreactor.tools:blockhound:1.0.13.RELEASE && agents+=("BlockHound 1.0.13=-javaagent:$out/peers/blockhound.jar -XX:+AllowRedefinitionToAddDeleteMethods") ;;
      Byteman)
        # a rule for a class of the JDK, as whoever watches the JDK by it would have
        printf '%s\n' 'RULE opened' 'CLASS java.io.FileInputStream' 'METHOD open' 'AT ENTRY' 'IF FALSE' 'DO NOTHING' 'ENDRULE' > "$out/peers.btm"
        fetch org.jboss.byteman:byteman:4.0.25 && agents+=("Byteman 4.0.25, one rule=-javaagent:$out/peers/byteman.jar=script:$out/peers.btm,boot:$out/peers/byteman.jar")
        ;;
      OpenTelemetry)
        fetch io.opentelemetry.javaagent:opentelemetry-javaagent:2.10.0 \
          && agents+=("OpenTelemetry 2.10.0=-javaagent:$out/peers/opentelemetry-javaagent.jar -Dotel.traces.exporter=none -Dotel.metrics.exporter=none -Dotel.logs.exporter=none")
        ;;
    esac
  done
}
