/** Stops the web process before it answers anybody when the database would not confine it. */
export default class BootCheckProvider {
  async start() {
    const { refuseUnsafeRoles } = await import('#services/boot_check')
    await refuseUnsafeRoles()
  }
}
