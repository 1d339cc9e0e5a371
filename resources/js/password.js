export const password = () => ({
  shown: false,
  get pressed() {
    return this.shown ? 'true' : 'false'
  },
  toggle() {
    this.shown = !this.shown
    this.$refs.input.type = this.shown ? 'text' : 'password'
    this.$refs.input.focus()
  },
})
