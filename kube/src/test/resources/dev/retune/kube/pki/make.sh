#!/bin/sh
# Makes the certificates of these tests anew: a CA, a server and clients with every form of key that kubeconfigs hold.
set -eu
cd "$(dirname "$0")"
days=36500
openssl req -x509 -newkey rsa:2048 -nodes -days $days -subj /CN=test-ca -keyout ca.key -out ca.crt
openssl req -x509 -newkey rsa:2048 -nodes -days $days -subj /CN=other-ca -keyout other.key -out other-ca.crt
issue() { # name subject extension-line key...
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  printf '%s\n' "$3" >ext
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days $days -extfile ext -out "$1.crt"
}
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out server.key
issue server /CN=kube-apiserver 'subjectAltName=DNS:localhost,IP:127.0.0.1'
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out named.key
issue named /CN=kube-apiserver 'subjectAltName=DNS:kubernetes.default.svc'
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa-pkcs8.key
issue rsa-pkcs8 /O=system:nodes/CN=system:node:n1 'extendedKeyUsage=clientAuth'
openssl rsa -in rsa-pkcs8.key -traditional -out rsa-pkcs1.key
openssl ecparam -name prime256v1 -genkey -out ec-sec1.key
issue ec-sec1 /O=system:nodes/CN=system:node:n2 'extendedKeyUsage=clientAuth'
openssl pkcs8 -topk8 -nocrypt -in ec-sec1.key -out ec-pkcs8.key
openssl genpkey -algorithm ed25519 -out ed25519.key
issue ed25519 /CN=ed 'extendedKeyUsage=clientAuth'
openssl pkcs8 -topk8 -in ec-pkcs8.key -passout pass:secret -out encrypted.key
rm -f ./*.csr ./*.srl ext ca.key other.key
