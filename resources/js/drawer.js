/** Phone navigation: the side nav slides in, the rest goes inert, focus comes back to where it was. */
export const drawer = () => ({
  open: false,
  from: null,
  get sideClass() {
    return this.open ? 'open' : ''
  },
  get backdropClass() {
    return this.open ? 'open' : ''
  },
  get expanded() {
    return this.open ? 'true' : 'false'
  },
  toggle() {
    if (this.open) this.close()
    else this.show()
  },
  show() {
    this.from = document.activeElement
    this.open = true
    this.$refs.body.inert = true
    setTimeout(() => this.$refs.side.querySelector('.side-close')?.focus(), 30)
  },
  close() {
    if (!this.open) return
    this.open = false
    this.$refs.body.inert = false
    this.from?.focus?.()
  },
})
