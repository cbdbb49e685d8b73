// What a new adapter package is made from keeps every rule itself; where it is compiled and run as its user does is scripts/packed-install-smoke.ts.
// oxlint-disable-next-line import/no-unassigned-import -- the tests of that file run here
import '../templates/adapter/src/acme.test.ts'
