package dev.retune.sandbox.crd;

import static dev.retune.sandbox.crd.Documents.complaints;
import static dev.retune.sandbox.crd.Documents.definition;
import static dev.retune.sandbox.crd.Documents.thing;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CelFunctionsTest {

  @ParameterizedTest
  @DisplayName("CRD-5 Kubernetes' CEL functions")
  @ValueSource(
      strings = {
        "'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b'",
        "' a '.trim() == 'a' && 'abc'.substring(1, 2) == 'b' && 'abc'.charAt(0) == 'a'",
        "'AbC'.lowerAscii() == 'abc' && 'abc'.upperAscii() == 'ABC'",
        "'abcb'.indexOf('b') == 1 && 'abcb'.lastIndexOf('b') == 3",
        "'aXa'.replace('a', 'b') == 'bXb' && 'aXa'.replace('a', 'b', 1) == 'bXa'",
        "'abc 123'.find('[0-9]+') == '123' && 'a1b2'.findAll('[0-9]') == ['1', '2']",
        "'a1b2'.findAll('[0-9]', 1) == ['1'] && 'abc'.find('[0-9]') == ''",
        "'%s %d %.2f %x %b'.format(['a', 5, 1.5, 255, true]) == 'a 5 1.50 ff 1'",
        "'%s'.format([['a', 1]]) == '[a, 1]' && '100%%'.format([]) == '100%'",
        "'%s'.format([{'b': 2, 'a': 1}]) == '{a: 1, b: 2}'",
        "[1, 2, 3].isSorted() && ![3, 1].isSorted() && ['a', 'b'].isSorted()",
        "[1, 2, 3].sum() == 6 && [1.5, 2.5].sum() == 4.0",
        "[3, 1, 2].min() == 1 && [3, 1, 2].max() == 3 && ['b', 'a'].min() == 'a'",
        "[1, 2, 2].indexOf(2) == 1 && [1, 2, 2].lastIndexOf(2) == 2 && [1].indexOf(5) == -1",
        "sets.contains([1, 2, 3], [2]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 2], [2, 1])",
        "isURL('https://example.com:80/path?a=1&a=2') && !isURL('no url')",
        "url('https://example.com:80/path?a=1&a=2').getHost() == 'example.com:80'",
        "url('https://example.com:80/path?a=1&a=2').getHostname() == 'example.com'",
        "url('https://example.com:80/path').getPort() == '80' && url('/only/path').getScheme() == ''",
        "url('https://example.com/p%20q?a=1&a=2').getEscapedPath() == '/p%20q'",
        "url('https://example.com/?a=1&a=2').getQuery()['a'] == ['1', '2']",
        "isQuantity('1.5Gi') && !isQuantity('1.5 Gi') && quantity('1Ki') == quantity('1024')",
        "quantity('200M').isGreaterThan(quantity('100M')) && quantity('1m').isLessThan(quantity('1'))",
        "quantity('50k').compareTo(quantity('50000')) == 0 && sign(quantity('-5')) == -1",
        "quantity('50k').add(quantity('1k')).asInteger() == 51000 && quantity('5').sub(1) == quantity('4')",
        "quantity('50.3').isInteger() == false && quantity('50.5').asApproximateFloat() == 50.5",
        "isIP('127.0.0.1') && isIP('::1') && !isIP('1.2.3') && ip('127.0.0.1').isLoopback()",
        "ip('192.168.0.1').family() == 4 && ip('::1').family() == 6 && ip('fe80::1').isLinkLocalUnicast()",
        "ip.isCanonical('::1') && !ip.isCanonical('0::1') && string(ip('2001:db8:0:0::1')) == '2001:db8::1'",
        "ip('8.8.8.8').isGlobalUnicast() && ip('0.0.0.0').isUnspecified()",
        "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0') && cidr('10.0.0.0/8').prefixLength() == 8",
        "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))",
        "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && string(cidr('10.1.2.3/8').masked()) == '10.0.0.0/8'",
        "cidr('10.1.2.3/8').ip() == ip('10.1.2.3')",
        "!format.dns1123Label().validate('abc').hasValue() && format.dns1123Label().validate('A').hasValue()",
        "format.named('uuid').hasValue() && !format.named('nonsense').hasValue()",
        "!format.qualifiedName().validate('example.com/a').hasValue()",
        "optional.of(1).hasValue() && [1, 2].exists(i, v, i == 1 && v == 2)",
        "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2} && [1, 2].transformList(i, v, v * 2) == [2, 4]",
        "1 < 1.5 && 2u > 1 && dyn([1, 2]) == dyn([1.0, 2.0])",
        "timestamp('2026-01-01T00:00:00Z') + duration('1h') == timestamp('2026-01-01T01:00:00Z')",
        "duration('1h').getMinutes() == 60 && type('a') == string"
      })
  void functions(String expression) {
    String rule = expression.replace("\"", "\\\"");
    CustomResource kind =
        CustomResource.compile(
            definition("{type: object, x-kubernetes-validations: [{rule: \"" + rule + "\"}]}"));
    assertThat(complaints(kind, thing("{}"))).isEmpty();
  }
}
