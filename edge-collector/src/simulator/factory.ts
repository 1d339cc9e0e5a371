import type { Credentials } from '../wire/contract.js'

/** How a machine of a family leaves the factory. */
export interface Factory {
  /** As the firmware writes its own version; drivers tell generations by it. */
  firmwareVersion: string
  /** Of the API or the web page. */
  account: Credentials
}

const factory = (firmwareVersion: string, user: string, password: string): Factory => ({
  firmwareVersion,
  account: { user, password },
})

/** By the name of the face. */
export const FACTORIES: Readonly<Record<string, Factory>> = {
  antminer: factory('Tue Dec  6 10:12:24 CST 2022', 'root', 'root'),
  whatsminer: factory('20230803.11.REL', 'admin', 'admin'),
  whatsminer_v3: factory('20250214.16.Rel2', 'super', 'super'),
  avalon: factory('24102401_25462b2_9ddf522', 'root', 'root'),
  luxos: factory('2025.4.8.220305', 'root', 'root'),
  vnish: factory('1.2.7', '', 'admin'),
  braiins_rest: factory('2025-11-21-0-eb658dcd-25.11-plus', 'root', 'root'),
  braiins_graphql: factory('2023-07-21-0-5ab4e75a-23.07-plus', 'root', ''),
  epic: factory('PowerPlay-BMS v1.5.13', '', 'letmein'),
  axeos: factory('v2.9.0', '', ''),
  cgminer: factory('4.11.1', '', ''),
}
