/**
 * Questions by the names of their operations. The fields are those that exist since 21.09; what came
 * later is asked for apart, as one unknown field makes the whole question fail.
 */
export const SYSTEM = `query system {
  bos { hostname faultLight info { version { full } } uptime { durationS } }
  bosminer { info {
    workSolver { realHashrate { mhs5S } nominalMhs }
    fans { name speed rpm }
    summary { power { limitW approxConsumptionW } }
  } }
}`

const boards = (details: string) => `query boards {
  bosminer { info { workSolver { childSolvers {
    name realHashrate { mhs5S } nominalMhs
    hwDetails { ${details} }
    temperatures { name degreesC }
  } } } }
}`
export const BOARDS = boards('chips frequencyMhz voltageV')
/** From 25.03. */
export const BOARDS_WITH_SERIALS = boards('chips frequencyMhz voltageV hbSerialNumber')

export const TUNING = `query tuning {
  bosminer {
    config { ... on BosminerConfig { autotuning { mode powerTarget hashrateTarget } } }
    info { summary { power { limitW } } }
  }
}`

export const POOLS = `query pools {
  bosminer {
    config { ... on BosminerConfig { groups { id strategy { ... on QuotaStrategy { quota } } } } }
    info { poolGroups { name pools {
      url user status active shares { acceptedSolutions rejectedSolutions }
    } } }
  }
}`

export const EVENTS = 'query events { events { appeals { id kind message timestamp } } }'
export const MODEL = 'query model { bosminer { info { modelName } } }'

export const LOGIN = `mutation login($username: String!, $password: String!) {
  auth { login(username: $username, password: $password) { ... on VoidResult { void } } }
}`

const verb = (scope: 'bos' | 'bosminer', name: string) =>
  `mutation ${name} { ${scope} { ${name} { __typename ... on VoidResult { void } } } }`
export const REBOOT = verb('bos', 'reboot')
export const START = verb('bosminer', 'start')
export const STOP = verb('bosminer', 'stop')
export const RESTART = `mutation restart {
  bosminer { restart { __typename ... on BosminerError { message } } }
}`
export const FAULT_LIGHT = `mutation light($enable: Boolean!) {
  bos { setFaultLight(enable: $enable) { enabled } }
}`
export const POWER_TARGET = `mutation power($limit: Int!) {
  bosminer { config { updateAutotuning(input: { powerTarget: $limit }, apply: true) {
    __typename ... on AutotuningOut { autotuning { powerTarget enabled } }
  } } }
}`
export const GROUPS = `mutation groups($groups: [Group!]!) {
  bosminer { config { updateGroups(groups: $groups) {
    __typename ... on GroupList { groups { id } } ... on GroupListError { message }
  } } }
}`
