import "virtual:palette.css";
import "./style.css";
import { mount } from "svelte";
import App from "./shell/App.svelte";

const target = document.getElementById("studio");
if (!target) throw new Error('index.html has no element "studio"');
mount(App, { target });
