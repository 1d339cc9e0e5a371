import './map.js'
