package dev.retune.sandbox.patch;

import static dev.retune.sandbox.patch.Documents.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicPatchTest {

  @ParameterizedTest
  @DisplayName("strategic merge patch merges a Pod's lists by their keys")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'containers':[{'name':'a','image':'x'}]} | {'containers':[{'name':'b','image':'y'}]} | {'containers':[{'name':'a','image':'x'},{'name':'b','image':'y'}]}
          {'containers':[{'name':'a','image':'x','tty':true}]} | {'containers':[{'name':'a','image':'y'}]} | {'containers':[{'name':'a','image':'y','tty':true}]}
          {'containers':[{'name':'a','env':[{'name':'A','value':'1'}]}]} | {'containers':[{'name':'a','env':[{'name':'B','value':'2'}]}]} | {'containers':[{'name':'a','env':[{'name':'A','value':'1'},{'name':'B','value':'2'}]}]}
          {'containers':[{'name':'a','ports':[{'containerPort':80}]}]} | {'containers':[{'name':'a','ports':[{'containerPort':80,'name':'web'}]}]} | {'containers':[{'name':'a','ports':[{'containerPort':80,'name':'web'}]}]}
          {'containers':[{'name':'a','args':['1']}]} | {'containers':[{'name':'a','args':['2']}]} | {'containers':[{'name':'a','args':['2']}]}
          {'containers':[{'name':'a'},{'name':'b'}]} | {'containers':[{'name':'a','$patch':'delete'}]} | {'containers':[{'name':'b'}]}
          {'containers':[{'name':'a'},{'name':'b'}]} | {'containers':[{'$patch':'replace'},{'name':'c'}]} | {'containers':[{'name':'c'}]}
          {'containers':[{'name':'a','image':'x','tty':true}]} | {'containers':[{'name':'a','image':'y','$patch':'replace'}]} | {'containers':[{'name':'a','image':'y'}]}
          {'containers':[{'name':'a'},{'name':'b'},{'name':'c'}]} | {'$setElementOrder/containers':[{'name':'c'},{'name':'a'}]} | {'containers':[{'name':'c'},{'name':'a'},{'name':'b'}]}
          {'containers':[{'name':'a'},{'name':'b'}]} | {'$setElementOrder/containers':[{'name':'c'},{'name':'a'}],'containers':[{'name':'c'}]} | {'containers':[{'name':'c'},{'name':'a'},{'name':'b'}]}
          {'tolerations':[{'key':'a'}]} | {'tolerations':[{'key':'b'}]} | {'tolerations':[{'key':'b'}]}
          {'nodeSelector':{'a':'1'}} | {'nodeSelector':{'b':'2','a':null}} | {'nodeSelector':{'b':'2'}}
          {'nodeSelector':{'a':'1'}} | {'nodeSelector':{'$patch':'replace','b':'2'}} | {'nodeSelector':{'b':'2'}}
          {'nodeSelector':{'a':'1'}} | {'nodeSelector':{'$patch':'delete'}} | {'nodeSelector':{}}
          {'volumes':[{'name':'v','emptyDir':{}}]} | {'volumes':[{'name':'v','$retainKeys':['name','hostPath'],'hostPath':{'path':'/x'}}]} | {'volumes':[{'name':'v','hostPath':{'path':'/x'}}]}
          {'volumes':[{'name':'v','emptyDir':{}}]} | {'volumes':null} | {}
          {'imagePullSecrets':[{'name':'a'}]} | {'imagePullSecrets':[{'name':'b'}]} | {'imagePullSecrets':[{'name':'a'},{'name':'b'}]}
          """)
  void podSpec(String spec, String patch, String expected) {
    assertThat(
            Patches.strategic(
                object("{'kind':'Pod','spec':" + spec + "}"), object("{'spec':" + patch + "}")))
        .isEqualTo(object("{'kind':'Pod','spec':" + expected + "}"));
  }

  @ParameterizedTest
  @DisplayName("strategic merge patch of nodes, service accounts and metadata")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'kind':'Node','status':{'conditions':[{'type':'Ready','status':'True','reason':'x'}]}} | {'status':{'conditions':[{'type':'Ready','status':'False'}],'$setElementOrder/conditions':[{'type':'Ready'}]}} | {'kind':'Node','status':{'conditions':[{'type':'Ready','status':'False','reason':'x'}]}}
          {'kind':'Node','status':{'addresses':[{'type':'Hostname','address':'a'}]}} | {'status':{'addresses':[{'type':'InternalIP','address':'b'}]}} | {'kind':'Node','status':{'addresses':[{'type':'Hostname','address':'a'},{'type':'InternalIP','address':'b'}]}}
          {'kind':'Node','spec':{'taints':[{'key':'a','effect':'NoSchedule'},{'key':'b','effect':'NoSchedule'}]}} | {'spec':{'taints':[{'key':'b','effect':'NoSchedule'}]}} | {'kind':'Node','spec':{'taints':[{'key':'b','effect':'NoSchedule'}]}}
          {'kind':'Node','spec':{'podCIDRs':['a']}} | {'spec':{'podCIDRs':['b','a']}} | {'kind':'Node','spec':{'podCIDRs':['a','b']}}
          {'kind':'ServiceAccount','secrets':[{'name':'a'}]} | {'secrets':[{'name':'b'}]} | {'kind':'ServiceAccount','secrets':[{'name':'a'},{'name':'b'}]}
          {'kind':'ConfigMap','metadata':{'finalizers':['a','b']}} | {'metadata':{'$deleteFromPrimitiveList/finalizers':['a']}} | {'kind':'ConfigMap','metadata':{'finalizers':['b']}}
          {'kind':'ConfigMap','metadata':{'finalizers':['a']}} | {'metadata':{'finalizers':['b']}} | {'kind':'ConfigMap','metadata':{'finalizers':['a','b']}}
          {'kind':'ConfigMap','metadata':{'finalizers':['a','b']}} | {'metadata':{'finalizers':['c'],'$setElementOrder/finalizers':['c','b','a']}} | {'kind':'ConfigMap','metadata':{'finalizers':['c','b','a']}}
          {'kind':'ConfigMap','metadata':{'ownerReferences':[{'uid':'1','name':'a'}]}} | {'metadata':{'ownerReferences':[{'uid':'1','$patch':'delete'},{'uid':'2','name':'b'}]}} | {'kind':'ConfigMap','metadata':{'ownerReferences':[{'uid':'2','name':'b'}]}}
          {'kind':'Deployment','spec':{'template':{'spec':{'containers':[{'name':'a'}]}}}} | {'spec':{'template':{'spec':{'containers':[{'name':'b'}]}}}} | {'kind':'Deployment','spec':{'template':{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}}}
          {'kind':'Service','spec':{'ports':[{'port':80,'targetPort':1}]}} | {'spec':{'ports':[{'port':80,'targetPort':2}]}} | {'kind':'Service','spec':{'ports':[{'port':80,'targetPort':2}]}}
          """)
  void others(String document, String patch, String expected) {
    assertThat(Patches.strategic(object(document), object(patch))).isEqualTo(object(expected));
  }

  @ParameterizedTest
  @DisplayName("strategic merge patch refuses directives and items it cannot follow")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'spec':{'containers':[{'image':'x'}]}}              | map: {"image":"x"} does not contain declared merge key: name
          {'spec':{'$patch':'shuffle'}}                        | Unknown patch type: "shuffle". Known types are: replace, delete, merge
          {'spec':{'$retainKeys':['a'],'b':1}}                 | invalid patch format of retainKeys: ["a"]
          {'metadata':{'$deleteFromPrimitiveList/finalizers':1}} | invalid patch format of primitive list: 1
          """)
  void refused(String patch, String message) {
    assertThatExceptionOfType(PatchRejected.class)
        .isThrownBy(() -> Patches.strategic(object("{'kind':'Pod','spec':{}}"), object(patch)))
        .withMessage(message);
  }
}
