// SPDX-License-Identifier: Apache-2.0
package dev.warren.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ObjectStreamConstants;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.BadAttributeValueExpException;
import javax.naming.CompositeName;
import javax.naming.Reference;
import javax.swing.event.EventListenerList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that make other deserializers run code, ask the network, or fill the heap: refused by name,
 * before a class is loaded, with an error that says what to set.
 */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings({"serial", "JdkObsolete", "NonApiType"}) // these are the shapes
final class GadgetTest {

  private static final String SETTING = "warren.serialization.allow";

  private final Loader loader = new Loader();
  private final KryoValueCodec codec = KryoValueCodec.of(loader, List.of(), Samples.Hooked.class);

  /** Remembers what it was asked for. */
  private static final class Loader extends ClassLoader {
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    Loader() {
      super(GadgetTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      asked.add(name);
      return super.loadClass(name, resolve);
    }
  }

  // ---- by name: what is not even on the class path ---------------------------------------------

  static List<String> gadgets() {
    return List.of(
        "org.apache.commons.collections.functors.InvokerTransformer",
        "org.apache.commons.collections.functors.ChainedTransformer",
        "org.apache.commons.collections.functors.InstantiateTransformer",
        "org.apache.commons.collections.keyvalue.TiedMapEntry",
        "org.apache.commons.collections.map.LazyMap",
        "org.apache.commons.collections4.comparators.TransformingComparator",
        "org.apache.commons.collections4.functors.InvokerTransformer",
        "org.apache.commons.beanutils.BeanComparator",
        "org.apache.commons.fileupload.disk.DiskFileItem",
        "org.apache.commons.dbcp2.BasicDataSource",
        "org.springframework.aop.framework.AdvisedSupport",
        "org.springframework.aop.framework.JdkDynamicAopProxy",
        "org.springframework.beans.factory.ObjectFactory",
        "org.springframework.core.SerializableTypeWrapper$MethodInvokeTypeProvider",
        "org.springframework.transaction.jta.JtaTransactionManager",
        "org.springframework.context.support.ClassPathXmlApplicationContext",
        "org.codehaus.groovy.runtime.ConvertedClosure",
        "org.codehaus.groovy.runtime.MethodClosure",
        "groovy.util.Expando",
        "bsh.XThis",
        "bsh.Interpreter",
        "clojure.core$constantly",
        "com.mchange.v2.c3p0.impl.PoolBackedDataSourceBase",
        "com.mchange.v2.c3p0.JndiRefForwardingDataSource",
        "com.zaxxer.hikari.HikariConfig",
        "com.rometools.rome.feed.impl.ObjectBean",
        "com.sun.syndication.feed.impl.EqualsBean",
        "com.vaadin.data.util.PropertysetItem",
        "org.hibernate.engine.spi.TypedValue",
        "org.hibernate.tuple.component.PojoComponentTuplizer",
        "org.jboss.interceptor.proxy.InterceptorMethodHandler",
        "org.mozilla.javascript.NativeJavaObject",
        "org.python.core.PyFunction",
        "org.apache.wicket.util.upload.DiskFileItem",
        "org.apache.click.control.Column$ColumnComparator",
        "org.apache.myfaces.view.facelets.el.ValueExpressionMethodExpression",
        "org.apache.xbean.naming.context.ContextUtil$ReadOnlyBinding",
        "org.apache.logging.log4j.core.appender.AbstractAppender",
        "ch.qos.logback.core.db.JNDIConnectionSource",
        "com.caucho.naming.QName",
        "com.fasterxml.jackson.databind.node.POJONode",
        "com.alibaba.fastjson.JSONObject",
        "net.sf.json.JSONObject",
        "org.aspectj.weaver.tools.cache.SimpleCache",
        "scala.math.Ordering$$anon$5",
        // those of the JDK
        "com.sun.org.apache.xalan.internal.xsltc.trax.TemplatesImpl",
        "com.sun.org.apache.xalan.internal.xsltc.trax.TrAXFilter",
        "com.sun.org.apache.bcel.internal.util.ClassLoader",
        "com.sun.rowset.JdbcRowSetImpl",
        "com.sun.jndi.rmi.registry.ReferenceWrapper",
        "com.sun.jndi.rmi.registry.BindingEnumeration",
        "com.sun.jndi.ldap.LdapAttribute",
        "com.sun.jndi.toolkit.dir.LazySearchEnumerationImpl",
        "com.sun.corba.se.impl.orbutil.ORBImpl",
        "com.sun.xml.internal.bind.v2.runtime.unmarshaller.Base64Data",
        "sun.reflect.annotation.AnnotationInvocationHandler",
        "sun.rmi.server.UnicastRef",
        "sun.rmi.registry.RegistryImpl_Stub",
        "sun.swing.SwingLazyValue",
        "sun.print.UnixPrintServiceLookup",
        "java.beans.EventHandler",
        "java.beans.beancontext.BeanContextSupport",
        "java.io.File",
        "java.io.ObjectInputStream",
        "java.io.FileOutputStream",
        "java.lang.Class",
        "java.lang.ClassLoader",
        "java.lang.Process",
        "java.lang.ProcessBuilder",
        "java.lang.Runtime",
        "java.lang.Thread",
        "java.lang.invoke.MethodHandle",
        "java.lang.invoke.SerializedLambda",
        "java.lang.module.ModuleDescriptor",
        "java.lang.ref.Finalizer",
        "java.lang.reflect.Method",
        "java.lang.reflect.Proxy",
        "java.net.InetAddress",
        "java.net.Inet4Address",
        "java.net.InetSocketAddress",
        "java.net.Socket",
        "java.net.URL",
        "java.net.URLClassLoader",
        "java.nio.file.FileSystems",
        "java.rmi.MarshalledObject",
        "java.rmi.server.RemoteObjectInvocationHandler",
        "java.rmi.server.UnicastRemoteObject",
        "java.security.SignedObject",
        "java.security.Permissions",
        "java.text.DecimalFormat",
        "java.util.Formatter",
        "java.util.Scanner",
        "java.util.ServiceLoader",
        "java.util.Timer",
        "java.util.concurrent.ForkJoinPool",
        "java.util.jar.JarFile",
        "java.util.logging.FileHandler",
        "javax.activation.DataHandler",
        "javax.imageio.ImageIO$ContainsFilter",
        "javax.management.BadAttributeValueExpException",
        "javax.management.loading.MLet",
        "javax.management.openmbean.TabularDataSupport",
        "javax.management.remote.rmi.RMIConnector",
        "javax.naming.InitialContext",
        "javax.naming.Reference",
        "javax.naming.ldap.Rdn$RdnEntry",
        "javax.script.ScriptEngineManager",
        "javax.sql.rowset.serial.SerialBlob",
        "javax.swing.UIDefaults",
        "javax.swing.event.EventListenerList",
        "javax.xml.transform.Templates",
        "jdk.internal.misc.Unsafe",
        "sun.misc.Unsafe",
        // nearly allowed
        "Order",
        "int[]",
        "java.lang.StringX",
        "java.time.",
        "java.utilXArrayList",
        "java.util.ArrayList ",
        "dev.warren.sync.codec.GadgetTest$CustomX",
        "dev.warren.sync.codec.KryoValueCodec");
  }

  @ParameterizedTest
  @MethodSource("gadgets")
  void decode_gadgetByKryo_isRefusedByName(String name) throws Exception {
    assertRefused(CraftedBytes.named(CraftedBytes.VALUE, name), name);
    assertRefused(CraftedBytes.named(CraftedBytes.KEY, name), name);
    assertRefused(CraftedBytes.named(CraftedBytes.VALUE, "[L" + name + ";"), name);
    assertRefused(CraftedBytes.named(CraftedBytes.VALUE, "[[L" + name + ";"), name);
    assertRefused(CraftedBytes.withinList(name), name);
  }

  @ParameterizedTest
  @MethodSource("gadgets")
  void decode_gadgetByJavaStream_isRefusedByName(String name) throws Exception {
    byte[] stream = CraftedBytes.stream(name);

    assertRefused(CraftedBytes.whole(stream), name);
    assertRefused(CraftedBytes.withStream(stream), name);
    assertRefused(CraftedBytes.whole(CraftedBytes.stream("[L" + name + ";")), name);
  }

  // ---- whole chains, as Java serialization writes them -----------------------------------------

  static Stream<Arguments> chains() throws Exception {
    Map<Object, Object> resolving = new HashMap<>();
    resolving.put(URI.create("http://warren.invalid/").toURL(), 1);
    EventListenerList listeners = new EventListenerList();
    return Stream.of(
        Arguments.of("java.net.URL", resolving),
        Arguments.of("javax.management.BadAttributeValueExpException", badAttribute()),
        Arguments.of(
            "javax.naming.Reference", new Reference("Evil", "Factory", "ldap://127.0.0.1/")),
        Arguments.of("javax.naming.CompositeName", new CompositeName("ldap:/a")),
        Arguments.of("javax.swing.event.EventListenerList", listeners),
        Arguments.of("java.net.InetSocketAddress", new InetSocketAddress(9)),
        Arguments.of("sun.reflect.annotation.AnnotationInvocationHandler", annotationProxy()),
        Arguments.of(ByHook.class.getName(), byComparator()),
        Arguments.of(ByHook.class.getName(), new ArrayList<>(List.of(new ByHook()))),
        Arguments.of("java.security.SignedObject", new ArrayList<>(List.of(signed()))));
  }

  /** A comparator with code, such as those of bean utilities. */
  static final class ByHook implements Comparator<Object>, Serializable {
    static volatile boolean ran;

    @Override
    public int compare(Object left, Object right) {
      ran = true;
      return left.toString().compareTo(right.toString());
    }

    private void readObject(java.io.ObjectInputStream in) {
      ran = true;
    }
  }

  private static Object badAttribute() {
    return new BadAttributeValueExpException("x");
  }

  private static Object annotationProxy() throws Exception {
    Map<Class<?>, Object> proxied = new HashMap<>();
    proxied.put(String.class, GadgetTest.class.getAnnotation(Timeout.class));
    Object annotation = proxied.get(String.class);
    InvocationHandler handler = Proxy.getInvocationHandler(annotation);
    return handler;
  }

  private static Object byComparator() {
    PriorityQueue<Object> queue = new PriorityQueue<>(2, new ByHook());
    queue.add("a");
    return queue;
  }

  private static Object signed() throws Exception {
    java.security.KeyPairGenerator keys = java.security.KeyPairGenerator.getInstance("EC");
    return new java.security.SignedObject(
        "x",
        keys.generateKeyPair().getPrivate(),
        java.security.Signature.getInstance("SHA256withECDSA"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("chains")
  void decode_chain_isRefusedBeforeAnythingRuns(String refused, Object chain) throws Exception {
    byte[] stream = CraftedBytes.javaBytes(chain);
    ByHook.ran = false;

    assertRefused(CraftedBytes.whole(stream), refused);
    assertRefused(CraftedBytes.withStream(stream), refused);

    assertThat(ByHook.ran).isFalse();
  }

  @Test
  void decode_chainByKryo_isRefusedBeforeAnythingRuns() {
    byte[] bytes =
        KryoValueCodec.of(getClass().getClassLoader(), List.of("**")).encode(byComparator());
    ByHook.ran = false;

    assertRefused(bytes, ByHook.class.getName());

    assertThat(ByHook.ran).isFalse();
  }

  @Test
  void decode_proxy_isRefused() {
    byte[] stream =
        CraftedBytes.streamOf(
            out -> {
              out.writeByte(ObjectStreamConstants.TC_OBJECT);
              out.writeByte(ObjectStreamConstants.TC_PROXYCLASSDESC);
              out.writeInt(1);
              out.writeUTF(Comparable.class.getName());
            });

    assertRefused(CraftedBytes.whole(stream), "java.lang.Comparable");
  }

  private void assertRefused(byte[] bytes, String name) {
    loader.asked.clear();
    assertThatThrownBy(() -> codec.decode(bytes))
        .isInstanceOfSatisfying(
            CodecException.class,
            e -> assertThat(e.reason()).isEqualTo(CodecException.Reason.NOT_ALLOWED))
        .hasMessageContaining("Class " + name + " is not allowed")
        .hasMessageContaining(SETTING);
    assertThat(loader.asked).doesNotContain(name);
  }
}
